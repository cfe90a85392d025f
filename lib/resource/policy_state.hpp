// What crypto policy is configured and in force, as its files say it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "resource/inquiry.hpp"

namespace konvoy::resource {

struct PolicyState {
  std::string config;             ///< "FIPS", "DEFAULT"; empty: no such file
  std::string current;            ///< what was applied last; empty: no such file
  std::int64_t config_time = 0;   ///< seconds since 1970
  std::int64_t current_time = 0;  ///< seconds since 1970
  bool has_nss_back_end = false;  ///< the one that is always generated, and auditors look for
  bool operator==(const PolicyState&) const = default;
};

/// Nothing while an answer is missing.
[[nodiscard]] std::optional<PolicyState> ask_policy_state(Inquiry& ask);

/// Why `policy` is not configured and in force; empty when it is.
[[nodiscard]] std::string policy_problem(const PolicyState& state, const std::string& policy);

}  // namespace konvoy::resource
