// A configuration with its templates evaluated for one machine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "template/engine.hpp"
#include "value/value.hpp"

namespace konvoy::resolve {

/// A value without templates; its places and its secrecy are those of what it was made from.
struct Resolved {
  value::Value value;
  /// Every variable and fact behind the value, also through other variables, sorted.
  std::vector<std::string> depends_on;
};

/// Evaluates variables when they are asked for, each once. Not for several threads at once.
class Resolver {
 public:
  /// `config` is a map of variables, `facts` what is known of the machine: data, never templates.
  /// A variable wins over a fact of its name, as Ansible's extra vars do.
  Resolver(const value::Value& config, const value::Map& facts);

  /// The variable or part of one at a dotted path ("fips.enabled"; keys with dots in double
  /// quotes). A top-level variable is what `{{ name }}` gives. Errors (input): nothing there; its
  /// template fails, with the place in the file.
  [[nodiscard]] base::Result<Resolved> resolve(std::string_view path);

  /// The whole configuration. Errors (input) of all variables together, ordered by place.
  [[nodiscard]] base::Result<value::Value> resolve_all();

 private:
  [[nodiscard]] std::vector<std::string> all_behind(const std::vector<std::string>& names) const;

  value::Value config_;
  templates::Engine engine_;
};

}  // namespace konvoy::resolve
