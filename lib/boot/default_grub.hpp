// /etc/default/grub: what grub2-mkconfig makes the boot configuration of.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "boot/command_line.hpp"

namespace konvoy::boot {

/// `text` with `changes` in every GRUB_CMDLINE_LINUX, and without what contradicts them in
/// GRUB_CMDLINE_LINUX_DEFAULT and _RECOVERY, which are appended to it. A changed line is written
/// NAME="..." with nothing behind it (a comment there moves to the line above), as auditors look
/// for it. Where the name is not assigned, a line is added. Errors (kind input) name `path`, line
/// and remedy: a value on several lines, or put together of several words.
base::Result<std::string> change_default_grub(std::string_view text, std::string_view path,
                                              const std::vector<ArgumentChange>& changes);

/// What GRUB_CMDLINE_LINUX says in the end; nothing when it is not assigned.
base::Result<std::optional<std::string>> default_grub_arguments(std::string_view text,
                                                                std::string_view path);

}  // namespace konvoy::boot
