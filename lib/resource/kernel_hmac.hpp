// The checksum file beside a kernel that the boot in FIPS mode is decided by.
#pragma once

#include <optional>
#include <string>

#include "resource/inquiry.hpp"
#include "resource/resource.hpp"

namespace konvoy::resource {

/// /boot/.vmlinuz-<release>.hmac is there and is right for the kernel beside it. A missing one is
/// taken from /lib/modules (EL8 keeps a copy there) if it fits. It is never computed here for a
/// kernel that a package brought: what does not fit the vendor's checksum is refused.
struct KernelHmac {
  std::string release;
  std::string image;  ///< "/boot/vmlinuz-<release>"
  bool operator==(const KernelHmac&) const = default;
};
[[nodiscard]] Decision decide(const KernelHmac& hmac, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(KernelHmac hmac);

/// The same for every rescue kernel ("/boot/vmlinuz-0-rescue-<machine id>"), which is a copy of an
/// installed kernel and on most systems has no checksum file: it gets one under its own name. With
/// a warning where it is the copy of no kernel that is still installed.
struct RescueKernelHmac {
  bool operator==(const RescueKernelHmac&) const = default;
};
[[nodiscard]] Decision decide(const RescueKernelHmac& hmac, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(RescueKernelHmac hmac);

/// The HMAC of a kernel image as the boot would compute it.
struct ImageHmac {
  bool there = false;
  std::string digest;   ///< 128 hexadecimal digits; empty: see `problem`
  std::string problem;  ///< why there is none
};

/// Asks openssl on a live host (one line instead of ten megabytes), else, or where it is not
/// installed, for the bytes and computes the HMAC here. Nothing while the answer is missing.
[[nodiscard]] std::optional<ImageHmac> ask_image_hmac(Inquiry& ask, const facts::HostFacts& facts,
                                                      const std::string& image);

/// What is wrong with an HMAC file for a kernel with this HMAC; empty: nothing.
[[nodiscard]] std::string hmac_problem(const std::optional<std::string>& file_text,
                                       const std::string& image, const ImageHmac& actual);

}  // namespace konvoy::resource
