// A family of facts: what it asks a machine, and the pure function that makes facts of the answers.
#pragma once

#include <vector>

#include "facts/answers.hpp"
#include "facts/host_facts.hpp"
#include "target/probe.hpp"

namespace konvoy::facts {

/// One file of this module each. `facts.live` is set before anything is asked.
struct Family {
  /// What is asked in the first round.
  std::vector<target::Probe> (*probes)(bool live);
  /// Fills in this family's fields. Answers that are missing leave a field as it is. What failed
  /// without a ProbeFailure is added to `unread`.
  void (*parse)(const Answers& answers, HostFacts& facts);
  /// What only the first round's answers make known, asked in a second one; null: never anything.
  std::vector<target::Probe> (*more_probes)(const Answers& answers) = nullptr;
};

[[nodiscard]] Family distribution_family();
[[nodiscard]] Family kernel_family();
[[nodiscard]] Family mount_family();
/// After mount_family(): it looks for the file system of /boot among the mounts.
[[nodiscard]] Family boot_family();
[[nodiscard]] Family hardware_family();
[[nodiscard]] Family security_family();
[[nodiscard]] Family package_family();
[[nodiscard]] Family system_family();
[[nodiscard]] Family network_family();

}  // namespace konvoy::facts
