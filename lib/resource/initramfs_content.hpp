// What is in an initramfs, asked for as cheaply as the target allows.
#pragma once

#include <optional>
#include <string>

#include "boot/initramfs.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {

/// What was found out about one initramfs.
struct InitramfsContent {
  bool there = false;
  std::optional<boot::Initramfs> content;  ///< nothing: it could not be read, see `problem`
  std::string problem;
};

/// Asks on a live host for the output of lsinitrd (one process instead of tens of megabytes), else,
/// or where that is not installed, for the bytes. Nothing while the answer is missing.
[[nodiscard]] std::optional<InitramfsContent> ask_initramfs(Inquiry& ask,
                                                            const facts::HostFacts& facts,
                                                            const std::string& path);

/// Where dracut puts the initramfs of a kernel: "/boot/initramfs-4.18.0-305.el8.x86_64.img".
[[nodiscard]] std::string initramfs_path(std::string_view release);

}  // namespace konvoy::resource
