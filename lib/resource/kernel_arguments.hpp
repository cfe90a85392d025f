// The kernel's arguments in everything that a boot, now or after the next kernel update, reads.
#pragma once

#include <vector>

#include "boot/command_line.hpp"
#include "resource/resource.hpp"

namespace konvoy::resource {

/// Behind the name of a file that was changed: what it was before the first change.
inline constexpr std::string_view backup_suffix = ".konvoy-image.bak";

/// These arguments set, or not there, in /etc/default/grub, /etc/kernel/cmdline (where it is),
/// every kernel line and fallback of every grub.cfg, every BLS entry, and in grubenv.
///
/// Written in that order, each file at once, the environment block in place: at every moment every
/// boot entry has the old arguments or the new ones. A file is kept once as it was.
/// Refused, before anything is written: a file that is not understood or damaged, a full
/// environment block, a machine without any boot entry.
struct KernelArguments {
  std::vector<boot::ArgumentChange> changes;
  bool operator==(const KernelArguments&) const = default;
};
[[nodiscard]] Decision decide(const KernelArguments& arguments, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(KernelArguments arguments);

/// What FIPS mode needs on this machine: fips=1, and boot=UUID=... exactly when /boot is a file
/// system of its own (dracut, modules.d/01fips: without it the kernel is not found there; with it
/// and /boot in the root file system the boot ends in "FIPS integrity test failed").
[[nodiscard]] std::vector<boot::ArgumentChange> fips_arguments(const facts::BootLayout& layout);

}  // namespace konvoy::resource
