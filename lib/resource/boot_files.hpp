// The files that say what the next boot starts, as a resource or a check asks for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "boot/boot_entries.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {

inline constexpr std::string_view default_grub_path = "/etc/default/grub";
inline constexpr std::string_view kernel_cmdline_path = "/etc/kernel/cmdline";
inline constexpr std::string_view bls_directory = "/boot/loader/entries";

/// What is there of them.
struct BootFiles {
  std::optional<std::string> default_grub;
  std::optional<std::string> kernel_cmdline;
  std::vector<boot::BootFile> grub_configs;
  std::vector<boot::BootFile> bls_entries;
  std::optional<boot::BootFile> grubenv;
};

/// Asks for all of them: the facts say where grub.cfg and grubenv are, the entries are listed anew,
/// as a kernel may have come since. Nothing while an answer is missing (Inquiry::open() says so);
/// two rounds.
[[nodiscard]] std::optional<BootFiles> ask_boot_files(Inquiry& ask, const facts::HostFacts& facts);

/// Whether GRUB reads the BLS entries: GRUB_ENABLE_BLSCFG, or the command in a grub.cfg.
[[nodiscard]] bool boots_bls_entries(const BootFiles& files, const facts::HostFacts& facts);

/// Every entry of the boot menu with its variables expanded. Error of kind input: a damaged
/// grubenv that an entry needs.
[[nodiscard]] base::Result<std::vector<boot::BootEntry>> boot_entries(
    const BootFiles& files, const facts::HostFacts& facts);

}  // namespace konvoy::resource
