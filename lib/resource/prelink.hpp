// Prelinking on EL7: it changes the bytes that the cryptographic modules check themselves by.
#pragma once

#include "resource/resource.hpp"

namespace konvoy::resource {

/// Where prelink is installed, its work is undone and it stays off; elsewhere nothing is to be
/// done.
struct PrelinkOff {
  bool operator==(const PrelinkOff&) const = default;
};
[[nodiscard]] Decision decide(const PrelinkOff& prelink, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(PrelinkOff prelink);

}  // namespace konvoy::resource
