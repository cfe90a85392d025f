// The files of crypto-policies on EL8: /etc/crypto-policies/config and state/current.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::boot {

inline constexpr std::string_view crypto_policy_config = "/etc/crypto-policies/config";
inline constexpr std::string_view crypto_policy_state = "/etc/crypto-policies/state/current";
inline constexpr std::string_view crypto_policy_back_ends = "/etc/crypto-policies/back-ends";

/// The policy that `text` sets, with its sub-policies: "FIPS:OSPP". The first line that is no
/// comment is the policy, further ones are sub-policies; empty when there is none.
[[nodiscard]] std::string parse_crypto_policy(std::string_view text);

/// Whether `policy` is FIPS, perhaps with sub-policies.
[[nodiscard]] bool is_fips_policy(std::string_view policy);

/// `policy` as crypto-policies accepts it: words of letters, digits, '-' and '_' with ':' between
/// them, the first one FIPS. The Error (kind input) says what is wrong.
base::Result<void> check_fips_policy(std::string_view policy);

/// The names of the back-ends of crypto-policies-20190807 to 20230731 (EL8), without ".config".
[[nodiscard]] std::span<const std::string_view> crypto_policy_back_end_names();

}  // namespace konvoy::boot
