// File systems: what is mounted on a live system, what /etc/fstab says in an image.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "facts/host_facts.hpp"

namespace konvoy::facts {

/// A line of /proc/self/mountinfo (proc_pid_mountinfo(5)).
struct MountLine {
  std::string device_number;  ///< "8:1", decimal
  std::string root;           ///< what of the file system is mounted: "/", or a bind mount's source
  std::string path;
  std::string type;
  std::string source;  ///< "/dev/mapper/rhel-root"
  bool operator==(const MountLine&) const = default;
};

/// Every readable line; octal escapes are taken off. Others are passed over.
[[nodiscard]] std::vector<MountLine> parse_mountinfo(std::string_view text);

/// The entries of fstab(5), without swap and "none". The UUID is known where the first field or a
/// /dev/disk/by-uuid path says it.
[[nodiscard]] std::vector<Mount> parse_fstab(std::string_view text);

/// A line of `df -P -B1`: a file system's size and free space in bytes.
struct Space {
  std::string path;  ///< the mount point, or "-" where df finds none (in a chroot)
  std::uint64_t size = 0;
  std::uint64_t free = 0;
  bool operator==(const Space&) const = default;
};

[[nodiscard]] std::vector<Space> parse_df(std::string_view text);

/// The mount that holds `path`: the one with the longest matching mount point; null when none does.
[[nodiscard]] const Mount* mount_of(const std::vector<Mount>& mounts, std::string_view path);

}  // namespace konvoy::facts
