// `konvoy-image validate`: are these machines fit to become Kubernetes nodes?
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/hosts.hpp"
#include "base/error.hpp"
#include "preflight/validate.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// One machine's checks, or why there are none.
struct ValidatedHost {
  std::string name;
  std::vector<preflight::Check> checks;
  std::optional<base::Error> error;
};

/// Asks all `hosts`, `at_once` at a time, and checks them together. In the order of `hosts`; one
/// that does not answer does not stop the others.
[[nodiscard]] std::vector<ValidatedHost> validate_kubernetes(std::span<const ChosenHost> hosts,
                                                             const OpenTarget& open,
                                                             const preflight::Settings& settings,
                                                             std::size_t at_once);

/// {"hosts": [{"name", "result", "checks": [{"name", "status", "reason", "fix"}]}]}; "result" is
/// pass or fail, and for a machine that did not answer "unreachable" or "error" with an "error".
[[nodiscard]] value::Value to_value(const std::vector<ValidatedHost>& hosts);

/// What failed and what to do about it, for people; with `all` also what is well.
[[nodiscard]] std::string render_text(const std::vector<ValidatedHost>& hosts, bool all);

/// 0; 1 when a check failed; else 3 when a machine could not be asked, 4 when one was unreachable.
[[nodiscard]] int exit_code(const std::vector<ValidatedHost>& hosts);

}  // namespace konvoy::app
