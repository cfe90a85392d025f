// Facts about a host that a user gives instead of a host: --os, --facts and --set-fact.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "value/value.hpp"

namespace konvoy::resolve {

/// A file of facts as it was read; `name` is what the user typed. A name that ends in ".json" is
/// JSON, every other YAML.
struct FactFile {
  std::string name;
  std::string text;
};

struct FactInputs {
  std::string os;                     ///< "centos-8.4"; empty: not given
  std::vector<FactFile> files;        ///< maps of facts; a later file wins
  std::vector<std::string> settings;  ///< "name=value", the value read as YAML reads a scalar
};

/// The facts of an operating system by its short name: ansible_distribution and its kin as
/// Ansible's setup module names them, for x86_64. Errors (usage) list the names that are known.
[[nodiscard]] base::Result<value::Map> facts_of_os(std::string_view name);

/// All of them together: files win over --os, settings over files. Errors: a file that is no map
/// of facts (input), a setting without '=' (usage).
[[nodiscard]] base::Result<value::Map> decode_facts(const FactInputs& inputs);

}  // namespace konvoy::resolve
