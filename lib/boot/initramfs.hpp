// What is in an initramfs, told from its bytes or from what dracut's lsinitrd prints about it.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace konvoy::boot {

struct Initramfs {
  bool early_cpio = false;        ///< microcode comes before the main archive
  std::set<std::string> names;    ///< files of the main archive, without a leading "/"
  std::set<std::string> modules;  ///< the dracut modules that it was made with
  bool operator==(const Initramfs&) const = default;
};

/// The initramfs in `bytes`: any number of uncompressed archives, then one that may be compressed
/// (gzip, bzip2, xz, zstd, lz4). Errors are of kind input and name `path`: not such a file, or one
/// that ends early.
base::Result<Initramfs> parse_initramfs(std::string_view bytes, std::string_view path);

/// The same from the output of `lsinitrd FILE` (dracut 033 to 059).
[[nodiscard]] Initramfs parse_lsinitrd(std::string_view text);

/// Why `initramfs` does not start a machine in FIPS mode, each in a few words; empty: it does.
/// What counts (dracut, modules.d/01fips): the module is on the list, its scripts and the list of
/// kernel modules are there, sha512hmac or its successor is there, and /etc/system-fips was there
/// when it was made. The scripts run at other hooks in EL7, EL8 and later.
[[nodiscard]] std::vector<std::string> missing_for_fips(const Initramfs& initramfs);

}  // namespace konvoy::boot
