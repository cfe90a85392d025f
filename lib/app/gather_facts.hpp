// `konvoy-image facts`: what is known of machines.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "app/hosts.hpp"
#include "base/result.hpp"
#include "facts/host_facts.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// One machine and what it told, or why it did not.
struct GatheredFacts {
  std::string name;
  base::Result<facts::HostFacts> facts;
};

/// The facts of all `hosts`, `at_once` at a time, in the order of `hosts`. A machine that does not
/// answer does not stop the others.
[[nodiscard]] std::vector<GatheredFacts> gather_facts(std::span<const ChosenHost> hosts,
                                                      const OpenTarget& open, std::size_t at_once);

/// {"hosts": [{"name", "reachable", "facts": {...}}]}: the facts under their own names and under
/// Ansible's (ansible_distribution ...); "error" where there are none.
[[nodiscard]] value::Value to_value(const std::vector<GatheredFacts>& gathered);

/// The same in a few lines for people.
[[nodiscard]] std::string render_text(const std::vector<GatheredFacts>& gathered);

/// 0; else 2 when what the user named is wrong (no such image root), 3 when a machine failed, 4
/// when one was unreachable.
[[nodiscard]] int exit_code(const std::vector<GatheredFacts>& gathered);

}  // namespace konvoy::app
