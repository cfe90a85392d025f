// The initramfs of one kernel, made anew when it can't start FIPS mode.
#pragma once

#include <string>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// /boot/initramfs-<release>.img holds dracut's fips module and what that needs. What is inside
/// tells, not its age: a rerun after any interruption finds the same work, or none.
///
/// dracut removes an old initramfs before, or when, it fails to write the new one. So it writes to
/// /boot/.konvoy-<release>.img; only after a check of what is in there that file takes the name.
/// Refused before anything is written: too little room in /boot for one more image.
struct FipsInitramfs {
  std::string release;  ///< of the kernel: "4.18.0-305.el8.x86_64"
  bool operator==(const FipsInitramfs&) const = default;
};
[[nodiscard]] Decision decide(const FipsInitramfs& initramfs, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(FipsInitramfs initramfs);

/// Bytes that a new image beside one of `old_size` bytes (0: there is none) may take.
[[nodiscard]] std::uint64_t initramfs_room(std::uint64_t old_size, bool live);

}  // namespace konvoy::resource
