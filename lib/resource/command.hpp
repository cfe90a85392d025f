// A command that runs when something observable says that it must.
#pragma once

#include <string>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// Exactly one guard says that nothing is to be done: `creates` is there, or `unless` ends with
/// status 0.
struct GuardedCommand {
  std::string name;  ///< in plans: "pull image registry.k8s.io/pause:3.4.1"
  target::RunCommand run;
  std::string creates;              ///< a path; empty: not this guard
  std::vector<std::string> unless;  ///< a command that only reads; empty: not this guard
  std::string reason;               ///< why it runs: "the image is not there"
  bool operator==(const GuardedCommand&) const = default;
};
[[nodiscard]] Decision decide(const GuardedCommand& command, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(GuardedCommand command);

}  // namespace konvoy::resource
