#include "disk/grow.hpp"

#include <fmt/format.h>
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>

#include "disk/file_systems.hpp"
#include "disk/logical_volumes.hpp"
#include "disk/loop_device.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"
#include "system/process.hpp"

namespace konvoy::disk {
namespace {

using base::Error;
using base::ErrorKind;

// ext4 grows unmounted: growing it mounted takes a right that containers rarely have.
base::Result<void> grow_ext4(const RawImage& image, const Extent& extent) {
  KONVOY_TRY(const auto loop, LoopDevice::attach(image.path, extent, Access::read_write));
  KONVOY_TRY(const auto check, system::run({.argv = {"e2fsck", "-f", "-p", loop.path()}}));
  // e2fsck(8): 1 means that errors were corrected.
  if (check.status > 1) {
    return Error(ErrorKind::input, fmt::format("a file system of '{}' is damaged", image.name),
                 "repair the base with e2fsck first");
  }
  KONVOY_CHECK(system::run_checked({.argv = {"resize2fs", loop.path()}}));
  return {};
}

// xfs grows mounted only.
base::Result<void> grow_xfs(const RawImage& image, const FileSystem& file_system,
                            const std::string& directory) {
  KONVOY_CHECK(system::make_directories(directory));
  KONVOY_CHECK(mount_extent(image, file_system, directory, ""));
  auto grown = system::run_checked({.argv = {"xfs_growfs", directory}});
  if (::umount2(directory.c_str(), 0) != 0) {
    return system::system_error(ErrorKind::run, "unmount", directory, errno);
  }
  if (grown) return {};
  return std::move(grown).error();
}

base::Result<Extent> grow_partition(const RawImage& image) {
  KONVOY_TRY(const auto before, partitions_of(image.path));
  const auto last = std::ranges::max_element(before, {}, &Extent::offset);
  if (last == before.end()) {
    return Error(ErrorKind::input, fmt::format("'{}' has no partition to grow", image.name));
  }
  KONVOY_CHECK(system::run_checked(
      {.argv = {"sfdisk", "--no-reread", "-N", std::to_string(last->number), image.path},
       .input = base::Secret(", +\n")}));
  KONVOY_TRY(const auto after, partitions_of(image.path));
  return after.at(static_cast<std::size_t>(last - before.begin()));
}

}  // namespace

base::Result<void> grow_last_partition(const RawImage& image,
                                       const std::string& scratch_directory) {
  KONVOY_TRY(auto grown, grow_partition(image));
  KONVOY_TRY(auto signature, signature_of(image.path, grown));
  if (signature.type == "LVM2_member") {
    KONVOY_TRY(grown, grow_last_volume(image, grown));
    KONVOY_TRY(signature, signature_of(image.path, grown));
  }
  if (signature.type == "ext4" || signature.type == "ext3") return grow_ext4(image, grown);
  if (signature.type == "xfs") return grow_xfs(image, {grown, signature}, scratch_directory);
  return Error(ErrorKind::input,
               fmt::format("what lies last in '{}' is '{}', which can't grow", image.name,
                           signature.type.empty() ? "unknown" : signature.type),
               "result.size_gib: 0 keeps the size of the base");
}

}  // namespace konvoy::disk
