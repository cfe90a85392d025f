// The file beside a kernel that dracut's fips module checks it with before the root file system is
// trusted: /boot/.vmlinuz-<release>.hmac, as sha512hmac (hmaccalc, libkcapi) writes it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::boot {

/// The HMAC is SHA-512 with this key over the whole file: the default of hmaccalc and of libkcapi's
/// sha512hmac (lib/kcapi-hasher.c, KEY_HMACCALC).
inline constexpr std::string_view kernel_hmac_key = "FIPS-FTW-RHT2009";

struct KernelHmac {
  std::string digest;  ///< 128 lower case hexadecimal digits
  std::string path;    ///< "/boot/vmlinuz-X" (EL7, EL8) or "vmlinuz-X" (later kernels)
  bool operator==(const KernelHmac&) const = default;
};

/// "/boot/.vmlinuz-X.hmac" for "/boot/vmlinuz-X".
[[nodiscard]] std::string kernel_hmac_path(std::string_view image);

/// The one line of such a file; `path` is named in errors (kind input).
base::Result<KernelHmac> parse_kernel_hmac(std::string_view text, std::string_view path);

/// The line for `image` with `digest`, its name relative so that it holds wherever /boot is
/// mounted.
[[nodiscard]] std::string render_kernel_hmac(std::string_view image, std::string_view digest);

/// Whether the name in the file is that of `image`; its directory does not count.
[[nodiscard]] bool names_image(const KernelHmac& hmac, std::string_view image);

/// Whether `image` is the rescue kernel that dracut's 51-dracut-rescue.install copies:
/// "vmlinuz-0-rescue-<machine id>".
[[nodiscard]] bool is_rescue_image(std::string_view image);

}  // namespace konvoy::boot
