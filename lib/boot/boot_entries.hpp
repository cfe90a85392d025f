// What each entry of the boot menu would start: the kernel and its whole command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "boot/grubenv.hpp"

namespace konvoy::boot {

/// One entry with its variables expanded.
struct BootEntry {
  std::string source;  ///< the file that holds it; for grub.cfg with ":line"
  std::string title;
  std::string image;  ///< where the kernel is in the target: "/boot/vmlinuz-X"
  std::string initramfs;
  std::string command_line;
  bool operator==(const BootEntry&) const = default;
};

/// A text file of the target.
struct BootFile {
  std::string path;
  std::string text;
};

/// The variables that GRUB has when it reads the BLS entries: `grubenv`, and under it what
/// `grub_cfg` sets for kernelopts and default_kernelopts when they are empty.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> grub_variables(
    const std::optional<Grubenv>& grubenv, std::string_view grub_cfg);

/// The entries in BLS files, in the order given.
[[nodiscard]] std::vector<BootEntry> bls_boot_entries(
    const std::vector<BootFile>& files,
    const std::vector<std::pair<std::string, std::string>>& variables);

/// The menu entries that are written out in a grub.cfg.
[[nodiscard]] std::vector<BootEntry> grub_cfg_boot_entries(const BootFile& grub_cfg);

/// Where a kernel or initramfs of a boot entry is in the target. Paths in entries begin at GRUB's
/// root device: with a /boot of its own "/vmlinuz-X", else "/boot/vmlinuz-X", perhaps after a
/// device in parentheses.
[[nodiscard]] std::string path_in_target(std::string_view path);

}  // namespace konvoy::boot
