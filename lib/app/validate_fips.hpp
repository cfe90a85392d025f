// `konvoy-image validate --fips`: are these machines in FIPS mode?
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/hosts.hpp"
#include "base/error.hpp"
#include "value/value.hpp"
#include "verify/fips_signs.hpp"

namespace konvoy::app {

/// One machine's truth table, or why there is none.
struct FipsHost {
  std::string name;
  verify::FipsSigns signs;
  std::optional<base::Error> error;
};

/// Asks all `hosts`, `at_once` at a time, and changes nothing. In the order of `hosts`.
[[nodiscard]] std::vector<FipsHost> validate_fips(std::span<const ChosenHost> hosts,
                                                  const OpenTarget& open, std::size_t at_once);

/// {"hosts": [{"name", "result", "signs", "remarks", "fips_mode_setup"?, "error"?}]}
[[nodiscard]] value::Value to_value(const std::vector<FipsHost>& hosts);

/// The tables, for people.
[[nodiscard]] std::string render_text(const std::vector<FipsHost>& hosts);

/// 0 when every sign that counts is yes on every machine; else 1, and 3 or 4 when a machine could
/// not be asked or was unreachable and no sign failed elsewhere.
[[nodiscard]] int exit_code(const std::vector<FipsHost>& hosts);

}  // namespace konvoy::app
