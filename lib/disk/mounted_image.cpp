#include "disk/mounted_image.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "disk/logical_volumes.hpp"
#include "disk/loop_device.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"
#include "system/process.hpp"
#include "system/rooted_directory.hpp"
#include "system/rooted_files.hpp"

namespace konvoy::disk {
namespace {

using base::Error;
using base::ErrorKind;

struct FileSystem {
  Extent extent;
  Signature signature;
};

base::Result<Signature> signature_of(const std::string& raw, const Extent& extent) {
  std::vector<std::string> argv = {"blkid", "--probe", "--output", "export"};
  if (extent.size > 0) {
    argv.push_back(fmt::format("--offset={}", extent.offset));
    argv.push_back(fmt::format("--size={}", extent.size));
  }
  argv.push_back(raw);
  KONVOY_TRY(const auto outcome, system::run({.argv = argv}));
  return parse_signature(outcome.out);  // status 2: nothing known there
}

// Everything in the image that blkid knows: partitions, logical volumes in them, or the one file
// system of an image without a partition table.
base::Result<std::vector<FileSystem>> survey(const std::string& raw) {
  std::vector<Extent> extents;
  KONVOY_TRY(const auto table, system::run({.argv = {"sfdisk", "--json", raw}}));
  if (table.ok()) {
    KONVOY_TRY(extents, parse_partitions(table.out));
  } else {
    extents.push_back({});
  }
  std::vector<FileSystem> found;
  for (const auto& extent : extents) {
    KONVOY_TRY(auto signature, signature_of(raw, extent));
    if (signature.type != "LVM2_member") {
      found.push_back({extent, std::move(signature)});
      continue;
    }
    KONVOY_TRY(const auto volumes, logical_volumes(raw, extent));
    for (const auto& volume : volumes) {
      KONVOY_TRY(auto inner, signature_of(raw, volume));
      found.push_back({volume, std::move(inner)});
    }
  }
  return found;
}

bool can_be_root(const Signature& signature) {
  return signature.type == "ext4" || signature.type == "xfs" || signature.type == "ext3" ||
         signature.type == "btrfs";
}

base::Result<void> mount_extent(const std::string& raw, const FileSystem& file_system,
                                const std::string& directory, std::string_view more) {
  auto options = "loop" + std::string(more);
  if (file_system.extent.size > 0) {
    options +=
        fmt::format(",offset={},sizelimit={}", file_system.extent.offset, file_system.extent.size);
  }
  // The copy has the UUID of its base, which the builder itself may have mounted.
  if (file_system.signature.type == "xfs") options += ",nouuid";
  auto done = system::run_checked(
      {.argv = {"mount", "-t", file_system.signature.type, "-o", options, raw, directory}});
  if (done) return {};
  return std::move(done).error().with_note(
      fmt::format("while mounting the {} file system of '{}'", file_system.signature.type, raw));
}

// What the root file system's own fstab says; empty when this is no root.
base::Result<std::string> fstab_of(const std::string& raw, const FileSystem& file_system,
                                   const std::string& directory) {
  // Not replaying the journal: nothing may be written while we only look.
  const auto look = file_system.signature.type == "xfs" ? ",ro,norecovery" : ",ro,noload";
  KONVOY_CHECK(mount_extent(raw, file_system, directory, look));
  std::string text;
  if (const auto root = system::RootedDirectory::open(directory)) {
    const bool is_system = system::stat_entry(*root, "/etc/os-release", true).ok();
    constexpr std::uint64_t limit = 1U << 20U;
    if (is_system) text = system::read_entry(*root, "/etc/fstab", 0, limit).value.value_or("");
  }
  if (::umount2(directory.c_str(), 0) != 0) {
    return system::system_error(ErrorKind::run, "unmount", directory, errno);
  }
  return text;
}

struct Root {
  std::size_t index = 0;
  std::string fstab;
};

base::Result<Root> find_root(const std::string& raw, const std::vector<FileSystem>& all,
                             const std::string& directory) {
  std::vector<Root> roots;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!can_be_root(all[i].signature)) continue;
    KONVOY_TRY(auto fstab, fstab_of(raw, all[i], directory));
    if (!fstab.empty()) roots.push_back({i, std::move(fstab)});
  }
  if (roots.size() == 1) return roots.front();
  for (const auto& file_system : all) {
    if (roots.empty() && file_system.signature.type == "crypto_LUKS") {
      return Error(ErrorKind::input, fmt::format("'{}' is encrypted", raw),
                   "build on an image that is not, or provision the running machine instead");
    }
  }
  return Error(
      ErrorKind::input,
      fmt::format("'{}' has {} root file systems, one is needed", raw,
                  roots.empty() ? "no" : "several"),
      "a root has /etc/os-release and /etc/fstab, on ext4, xfs or a linear logical volume");
}

bool is_needed(const std::string& path) {
  return path == "/boot" || path == "/boot/efi";
}

}  // namespace

base::Result<void> enter_private_mounts() {
  if (::geteuid() != 0) {
    return Error(ErrorKind::run, "disk images can be built only by root",
                 "run the same command with sudo");
  }
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return system::system_error(ErrorKind::run, "make mounts private below", "/", errno);
  }
  return {};
}

base::Result<MountedImage> MountedImage::mount(const std::string& raw,
                                               const std::string& directory) {
  KONVOY_CHECK(system::make_directories(directory));
  KONVOY_TRY(const auto all, survey(raw));
  KONVOY_TRY(const auto root, find_root(raw, all, directory));
  MountedImage image;
  KONVOY_CHECK(mount_extent(raw, all[root.index], directory, ""));
  image.mounts_.push_back(directory);
  for (const auto& entry : parse_fstab(root.fstab)) {
    if (entry.path == "/") continue;
    bool found = false;
    for (const auto& file_system : all) {
      if (found || !names(entry.source, file_system.extent, file_system.signature)) continue;
      found = true;
      // A mount point that is a link would lead out of the image.
      KONVOY_TRY(const auto rooted, system::RootedDirectory::open(directory));
      const auto point = system::stat_entry(rooted, entry.path, false);
      if (!point.ok() || !S_ISDIR(point.value->st_mode)) {
        return Error(ErrorKind::input,
                     fmt::format("'{}' of fstab is no directory in '{}'", entry.path, raw));
      }
      KONVOY_CHECK(mount_extent(raw, file_system, directory + entry.path, ""));
      image.mounts_.push_back(directory + entry.path);
    }
    if (!found && is_needed(entry.path)) {
      return Error(ErrorKind::input, fmt::format("fstab puts {} on {}, which is not in '{}'",
                                                 entry.path, entry.source, raw));
    }
  }
  return image;
}

MountedImage::MountedImage(MountedImage&& other) noexcept
    : mounts_(std::exchange(other.mounts_, {})) {}

MountedImage::~MountedImage() {
  (void)unmount_all();
}

bool MountedImage::unmount_all() {
  bool all = true;
  while (!mounts_.empty()) {
    all = ::umount2(mounts_.back().c_str(), 0) == 0 && all;
    mounts_.pop_back();
  }
  return all;
}

base::Result<void> MountedImage::finish() {
  for (const auto& path : mounts_) {
    // A file system that can't discard (vfat on some kernels) keeps its blocks; that is no error.
    KONVOY_CHECK(system::run({.argv = {"fstrim", path}}));
  }
  if (unmount_all()) return {};
  return Error(ErrorKind::run, "a file system of the image is still in use",
               "a process that a package started may still run in it");
}

namespace {

// ext4 grows unmounted: growing it mounted takes a right that containers rarely have.
base::Result<void> grow_ext4(const std::string& raw, const Extent& extent) {
  KONVOY_TRY(const auto loop, LoopDevice::attach(raw, extent, Access::read_write));
  KONVOY_TRY(const auto check, system::run({.argv = {"e2fsck", "-f", "-p", loop.path()}}));
  // e2fsck(8): 1 means that errors were corrected.
  if (check.status > 1) {
    return Error(ErrorKind::input, "the image's file system is damaged",
                 "repair the base with e2fsck first");
  }
  KONVOY_CHECK(system::run_checked({.argv = {"resize2fs", loop.path()}}));
  return {};
}

// xfs grows mounted only.
base::Result<void> grow_xfs(const std::string& raw, const FileSystem& file_system,
                            const std::string& directory) {
  KONVOY_CHECK(system::make_directories(directory));
  KONVOY_CHECK(mount_extent(raw, file_system, directory, ""));
  auto grown = system::run_checked({.argv = {"xfs_growfs", directory}});
  if (::umount2(directory.c_str(), 0) != 0) {
    return system::system_error(ErrorKind::run, "unmount", directory, errno);
  }
  if (grown) return {};
  return std::move(grown).error();
}

base::Result<std::vector<Extent>> partitions_of(const std::string& raw) {
  KONVOY_TRY(const auto table, system::run_checked({.argv = {"sfdisk", "--json", raw}}));
  return parse_partitions(table);
}

}  // namespace

base::Result<void> grow_last_partition(const std::string& raw,
                                       const std::string& scratch_directory) {
  KONVOY_TRY(const auto before, partitions_of(raw));
  const auto last = std::ranges::max_element(before, {}, &Extent::offset);
  if (last == before.end()) return Error(ErrorKind::input, "the image has no partition to grow");
  KONVOY_CHECK(system::run_checked(
      {.argv = {"sfdisk", "--no-reread", "-N", std::to_string(last->number), raw},
       .input = base::Secret(", +\n")}));
  KONVOY_TRY(const auto after, partitions_of(raw));
  const auto& grown = after.at(static_cast<std::size_t>(last - before.begin()));
  KONVOY_TRY(const auto signature, signature_of(raw, grown));
  if (signature.type == "ext4" || signature.type == "ext3") return grow_ext4(raw, grown);
  if (signature.type == "xfs") return grow_xfs(raw, {grown, signature}, scratch_directory);
  return Error(ErrorKind::input,
               fmt::format("the last partition holds '{}', which can't grow", signature.type));
}

}  // namespace konvoy::disk
