// cpio archives in the "newc" form, which is what a kernel unpacks as its initramfs.
//
// Format (Linux, Documentation/driver-api/early-userspace/buffer-format.rst): per file a header of
// 110 bytes (magic 070701 or 070702 and 13 fields of 8 hexadecimal digits), the name with its NUL,
// and the content, name and content each padded to 4 bytes; the last name is "TRAILER!!!".
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::boot {

/// One file of an archive; the views are into the archive.
struct CpioEntry {
  std::string_view name;  ///< without a leading "./" or "/"
  std::uint32_t mode = 0;
  std::string_view content;  ///< of a link: where it leads
};

/// Whether `bytes` begin with such a header.
[[nodiscard]] bool is_cpio(std::string_view bytes);

/// Calls `visit` for every file of the archive that `bytes` begin with, and gives the offset behind
/// its trailer. Errors are of kind input and say at which offset what is wrong.
base::Result<std::size_t> read_cpio(std::string_view bytes,
                                    const std::function<void(const CpioEntry&)>& visit);

}  // namespace konvoy::boot
