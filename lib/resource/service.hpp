// Units of systemd.
#pragma once

#include <optional>
#include <string>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// A unit that starts at boot, or does not, and runs now, or does not. Where no systemd runs (an
/// image root, a container) only the enablement is brought about.
struct Service {
  std::string unit;             ///< "containerd.service"
  std::optional<bool> enabled;  ///< nothing: as it is
  std::optional<bool> running;  ///< nothing: as it is
  bool only_if_there = false;   ///< a unit that is not there is fine
  bool operator==(const Service&) const = default;
};

/// A unit that is not there is refused where it should run or be enabled, and is fine otherwise. A
/// masked one is not unmasked: somebody meant it.
[[nodiscard]] Decision decide(const Service& service, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Service service);

/// Whether units can be started on this machine.
[[nodiscard]] bool runs_systemd(const facts::HostFacts& facts);

}  // namespace konvoy::resource
