// grub.cfg as grub2-mkconfig writes it: only the lines with kernel arguments are understood.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "boot/command_line.hpp"

namespace konvoy::boot {

/// A menu entry that starts a Linux kernel: EL7, and EL8 without BLS.
struct GrubEntry {
  std::string title;
  std::string linux_image;  ///< as written: relative to GRUB's root device
  std::string arguments;
  std::string initrd;
  std::size_t line = 0;  ///< of the linux command, from 1
  bool operator==(const GrubEntry&) const = default;
};

/// The entries in the order of the menu; kernels are files called "vmlinuz...", so that a memory
/// test or a hypervisor is none.
[[nodiscard]] std::vector<GrubEntry> parse_grub_entries(std::string_view text);

/// What `set NAME="..."` gives `name` (kernelopts, default_kernelopts) when grubenv does not; the
/// last one counts, nothing when there is none.
[[nodiscard]] std::optional<std::string> fallback_variable(std::string_view text,
                                                           std::string_view name);

/// Whether BLS entries are read: there is a line with the command blscfg.
[[nodiscard]] bool reads_bls_entries(std::string_view text);

/// `text` with `changes` in the arguments of every linux, linux16 and linuxefi line that starts a
/// kernel and in the fallbacks for kernelopts. Errors (kind input) name `path` and line: a command
/// that goes on in the next line or shares its line with another one.
base::Result<std::string> change_grub_cfg(std::string_view text, std::string_view path,
                                          const std::vector<ArgumentChange>& changes);

}  // namespace konvoy::boot
