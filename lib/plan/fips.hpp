// FIPS mode of the operating system: what must be done on one machine, in which order.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "facts/host_facts.hpp"
#include "plan/step.hpp"
#include "value/value.hpp"

namespace konvoy::plan {

/// What `fips.*` says about the operating system, for a machine where fips.configure is on.
struct FipsMode {
  base::SourceSpan source;                     ///< of fips.configure
  Sourced<std::string> crypto_policy{"FIPS"};  ///< fips.crypto_policy: "FIPS:OSPP"
  bool regenerate_host_keys = false;           ///< fips.regenerate_host_keys
  bool reboot = false;                         ///< fips.reboot
  std::string only_repository;                 ///< resource::PackageSet::only_repository
  std::set<std::string> accepted_risks;        ///< --accept-risk: resource::fips_risks()
  bool operator==(const FipsMode&) const = default;
};

/// Reads the map under `fips`. Errors (input), all in one list: wrong types, a crypto policy that
/// is none for FIPS mode.
[[nodiscard]] base::Result<FipsMode> decode_fips_mode(const value::Value& settings);

/// A risk that --accept-risk does not know is an Error of kind usage.
[[nodiscard]] base::Result<void> check_accepted_risks(const std::set<std::string>& risks);

inline constexpr std::string_view fips_preflight_step = "fips/preflight";
/// The look before the first change of a whole plan: its first step.
[[nodiscard]] Step plan_fips_preflight(const FipsMode& mode);

/// The steps, for the end of a plan, when all packages are installed. Order: packages and settings,
/// each kernel's initramfs, the kernels' checksums, and last the kernel arguments: until then the
/// machine boots as before, after that in FIPS mode. EL7 and EL8 (and their relatives).
[[nodiscard]] std::vector<Step> plan_fips(const FipsMode& mode, const facts::HostFacts& facts);

/// What to tell where the configuration has FIPS mode off and the machine is in it, or set up for
/// it: nothing is changed. Nothing to tell on other machines.
[[nodiscard]] std::optional<base::Diagnostic> fips_left_alone(const facts::HostFacts& facts);

}  // namespace konvoy::plan
