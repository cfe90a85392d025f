// The truth table of FIPS mode: six signs, each looked at on its own.
//
// No single sign means that a machine is in FIPS mode: a kernel flag without the module in the
// initramfs checks nothing, a policy without the flag binds nobody, a configuration that no boot
// has used yet is a promise.
#pragma once

#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "facts/host_facts.hpp"
#include "resource/resource.hpp"
#include "target/target.hpp"
#include "verify/report.hpp"

namespace konvoy::verify {

struct FipsSigns {
  /// configured, running, initramfs, policy, module_files, packages, in this order.
  std::vector<Sign> signs;
  /// Names of signs that this machine cannot have: nothing runs in an image, release 7 has no
  /// system-wide crypto policy. They are "unknown" and do not count.
  std::set<std::string> not_applicable;
  /// What EL8's own `fips-mode-setup --check` prints, for auditors; empty where it is not there.
  /// Its exit status says nothing.
  std::string mode_setup_check;
  /// What no sign can tell: "CentOS Linux is not the validated operating system ...".
  std::vector<std::string> remarks;
  bool operator==(const FipsSigns&) const = default;

  [[nodiscard]] const Sign& sign(std::string_view name) const;
  /// Every sign that counts is "yes".
  [[nodiscard]] bool passed() const;
};

/// The table, or what must be asked first; pure, like a resource's decide(). What could not be read
/// makes its sign "unknown", and says why.
[[nodiscard]] std::variant<resource::NeedMore, FipsSigns> judge_fips_signs(
    const facts::HostFacts& facts, const resource::Observations& seen);

/// Asks `target` in at most three round trips. Errors are those of Target::observe().
[[nodiscard]] base::Result<FipsSigns> check_fips_signs(target::Target& target,
                                                       const facts::HostFacts& facts);

/// `{"signs": {"configured": {"state", "because"}, ...}, "result": "pass|fail", "remarks": [...],
/// "fips_mode_setup"?}` for a host.
[[nodiscard]] value::Value to_value(const FipsSigns& signs);

/// A line a sign, then remarks, for people.
[[nodiscard]] std::string render_text(const FipsSigns& signs);

}  // namespace konvoy::verify
