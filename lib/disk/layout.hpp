// What a disk image holds, read from what sfdisk, blkid and lvm print: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace konvoy::disk {

/// A stretch of the image that may hold a file system: a partition, a linear logical volume, or
/// the whole image.
struct Extent {
  std::uint64_t offset = 0;  ///< bytes from the start of the image
  std::uint64_t size = 0;    ///< bytes
  std::string device;        ///< of a logical volume: "rhel/root"; empty otherwise
  int number = 0;            ///< of a partition, from 1; 0 otherwise
  bool operator==(const Extent&) const = default;
};

/// The partitions of `sfdisk --json IMAGE`, in the order of their numbers. Error of kind input.
[[nodiscard]] base::Result<std::vector<Extent>> parse_partitions(const std::string& json);

/// What blkid knows of an extent (`blkid --output export`).
struct Signature {
  std::string type;  ///< "xfs", "ext4", "vfat", "LVM2_member", "crypto_LUKS"; empty: nothing known
  std::string uuid;
  std::string label;
  bool operator==(const Signature&) const = default;
};
[[nodiscard]] Signature parse_signature(std::string_view output);

/// The logical volumes of `lvs --reportformat json --units b --nosuffix --segments -o
/// vg_name,lv_name,seg_size,segtype,seg_pe_ranges,stripes` on one physical volume at `pv_offset`
/// whose first physical extent starts `data_start` bytes into it. Volumes that are not one linear
/// segment are left out. Error of kind input.
struct PhysicalVolume {
  std::uint64_t offset = 0;
  std::uint64_t data_start = 0;
  std::uint64_t extent_size = 0;  ///< bytes
};
[[nodiscard]] base::Result<std::vector<Extent>> parse_logical_volumes(const std::string& json,
                                                                      const PhysicalVolume& volume);

/// A line of /etc/fstab that names something to mount.
struct FstabEntry {
  std::string source;  ///< "UUID=...", "LABEL=...", "/dev/mapper/rhel-root"
  std::string path;
  std::string type;
  bool operator==(const FstabEntry&) const = default;
};
/// Entries whose path is absolute, without swap; parents stand before what is mounted below them.
[[nodiscard]] std::vector<FstabEntry> parse_fstab(std::string_view text);

/// Whether `source` of an fstab line means this file system.
[[nodiscard]] bool names(std::string_view source, const Extent& extent, const Signature& signature);

}  // namespace konvoy::disk
