// sshd's host keys in an image.
#pragma once

#include "resource/resource.hpp"

namespace konvoy::resource {

/// An image root has no host keys: each machine that starts from it makes its own, and in FIPS mode
/// of types and with a random generator that are allowed there. On a live host the keys stay: who
/// knows the host by them would be locked out; there it is only warned.
struct HostKeysAbsent {
  bool operator==(const HostKeysAbsent&) const = default;
};
[[nodiscard]] Decision decide(const HostKeysAbsent& keys, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(HostKeysAbsent keys);

}  // namespace konvoy::resource
