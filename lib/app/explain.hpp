// `konvoy-image explain`: where each value comes from.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "config/merge.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// One variable. Secrets are masked wherever this is shown.
struct Explanation {
  std::string key;     ///< dotted path
  value::Value value;  ///< resolved, when the facts for that are known; else as it is written
  bool resolved = false;
  std::vector<base::Diagnostic> problems;  ///< why the template has no value
  config::Setting setting;                 ///< as it is written, and where
  std::vector<config::Setting> replaced;   ///< the latest first
  std::vector<std::string>
      depends_on;  ///< what the template names, and the facts behind it; sorted
};

/// Gives a variable's value from its template; an Error says why it has none.
using Resolve = std::function<base::Result<value::Value>(const std::string& path)>;

/// The variable at `key`. Error (input) with the closest names: there is none. `resolve` may be
/// empty.
[[nodiscard]] base::Result<Explanation> explain(const config::Config& config,
                                                const std::string& key, const Resolve& resolve);

/// Every variable below the maps, in the order of the configuration; with `changed` only those
/// that overrides, flags or --extra-vars set.
[[nodiscard]] std::vector<Explanation> explain_all(const config::Config& config, bool changed,
                                                   const Resolve& resolve);

/// For people: the value, then where it was set and what it replaced.
[[nodiscard]] std::string render_text(const Explanation& explanation);
/// For people: one line a variable, maps indented, each with its place.
[[nodiscard]] std::string render_tree(const std::vector<Explanation>& explanations);
/// {"key", "value", "template"?, "source", "replaced", "depends_on"} of the JSON contract.
[[nodiscard]] value::Value to_value(const Explanation& explanation);

}  // namespace konvoy::app
