// What is looked at before a machine is switched to FIPS mode: what would lock people out of it,
// or keep it from booting.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// The names that --accept-risk takes; each stands for one check.
inline constexpr std::string_view risk_joined_node = "joined-node";
inline constexpr std::string_view risk_login_key = "login-key";
inline constexpr std::string_view risk_host_keys = "host-keys";
inline constexpr std::string_view risk_luks = "luks-argon2";
inline constexpr std::string_view risk_kernel = "kernel-without-fips";
inline constexpr std::string_view risk_tcrypt = "no-tcrypt";
inline constexpr std::string_view risk_boot_room = "boot-room";
/// All of them, sorted.
[[nodiscard]] std::vector<std::string> fips_risks();

/// Refuses, with all reasons at once, what must not be switched; changes nothing. A reason whose
/// risk is accepted becomes a warning. On a machine that already runs in FIPS mode there is nothing
/// left to risk.
struct FipsPreflight {
  std::set<std::string> accepted_risks = {};
  bool regenerate_host_keys = false;  ///< then keys made before FIPS mode need no warning
  bool operator==(const FipsPreflight&) const = default;
};
[[nodiscard]] Decision decide(const FipsPreflight& preflight, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(FipsPreflight preflight);

}  // namespace konvoy::resource
