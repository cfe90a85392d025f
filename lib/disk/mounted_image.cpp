#include "disk/mounted_image.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "disk/file_systems.hpp"
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

bool can_be_root(const Signature& signature) {
  return signature.type == "ext4" || signature.type == "xfs" || signature.type == "ext3" ||
         signature.type == "btrfs";
}

// What the root file system's own fstab says; empty when this is no root.
base::Result<std::string> fstab_of(const RawImage& image, const FileSystem& file_system,
                                   const std::string& directory) {
  // Not replaying the journal: nothing may be written while we only look.
  const auto look = file_system.signature.type == "xfs" ? ",ro,norecovery" : ",ro,noload";
  KONVOY_CHECK(mount_extent(image, file_system, directory, look));
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

base::Result<Root> find_root(const RawImage& image, const std::vector<FileSystem>& all,
                             const std::string& directory) {
  std::vector<Root> roots;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!can_be_root(all[i].signature)) continue;
    KONVOY_TRY(auto fstab, fstab_of(image, all[i], directory));
    if (!fstab.empty()) roots.push_back({i, std::move(fstab)});
  }
  if (roots.size() == 1) return roots.front();
  for (const auto& file_system : all) {
    if (roots.empty() && file_system.signature.type == "crypto_LUKS") {
      return Error(ErrorKind::input, fmt::format("'{}' is encrypted", image.name),
                   "build on an image that is not, or provision the running machine instead");
    }
  }
  return Error(
      ErrorKind::input,
      fmt::format("'{}' has {} root file systems, one is needed", image.name,
                  roots.empty() ? "no" : "several"),
      "a root has /etc/os-release and /etc/fstab, on ext4, xfs or a linear logical volume");
}

// A link of the image, in whichever part of the path, must not lead the mount out of it: the path
// is the kernel's own name of the directory that was found inside.
base::Result<std::string> mount_point(const RawImage& image, const std::string& root,
                                      const std::string& path) {
  KONVOY_TRY(const auto rooted, system::RootedDirectory::open(root));
  const auto found = rooted.open_entry(path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  std::string name(PATH_MAX, '\0');
  const auto length =
      found.ok() ? ::readlink(fmt::format("/proc/self/fd/{}", found.descriptor.fd()).c_str(),
                              name.data(), name.size())
                 : -1;
  if (length <= 0) {
    return Error(ErrorKind::input,
                 fmt::format("'{}' of fstab is no directory in '{}'", path, image.name));
  }
  name.resize(static_cast<std::size_t>(length));
  return name;
}

// What is written reaches the image file late: only this tells whether all of it did.
base::Result<void> write_back(const std::string& path) {
  const system::Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.open() && ::syncfs(directory.fd()) == 0) return {};
  return system::system_error(ErrorKind::run, "write all files of", path, errno);
}

bool is_needed(const std::string& path) {
  return path == "/boot" || path == "/boot/efi";
}

}  // namespace

base::Result<void> enter_private_mounts() {
  if (!system::exists("/dev/loop-control")) {
    return Error(ErrorKind::run, "there are no loop devices here", loop_hint);
  }
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return system::system_error(ErrorKind::run, "make mounts private below", "/", errno);
  }
  return {};
}

base::Result<MountedImage> MountedImage::mount(const RawImage& image,
                                               const std::string& directory) {
  KONVOY_CHECK(system::make_directories(directory));
  KONVOY_TRY(const auto all, survey(image));
  KONVOY_TRY(const auto root, find_root(image, all, directory));
  MountedImage mounted;
  KONVOY_CHECK(mount_extent(image, all[root.index], directory, ""));
  mounted.mounts_.push_back(directory);
  for (const auto& entry : parse_fstab(root.fstab)) {
    if (entry.path == "/") continue;
    const auto found = std::ranges::find_if(
        all, [&](const FileSystem& one) { return names(entry.source, one.extent, one.signature); });
    if (found != all.end()) {
      KONVOY_TRY(auto point, mount_point(image, directory, entry.path));
      KONVOY_CHECK(mount_extent(image, *found, point, ""));
      mounted.mounts_.push_back(std::move(point));
    } else if (is_needed(entry.path)) {
      return Error(ErrorKind::input, fmt::format("fstab puts {} on {}, which is not in '{}'",
                                                 entry.path, entry.source, image.name));
    }
  }
  return mounted;
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

base::Result<std::uint64_t> MountedImage::free_bytes() const {
  struct statvfs about {};
  if (::statvfs(root().c_str(), &about) != 0) {
    return system::system_error(ErrorKind::run, "look at", root(), errno);
  }
  return static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize;
}

base::Result<void> MountedImage::finish() {
  for (const auto& path : mounts_) {
    // A file system that can't discard (vfat on some kernels) keeps its blocks; that is no error.
    KONVOY_CHECK(system::run({.argv = {"fstrim", path}}));
    KONVOY_CHECK(write_back(path));
  }
  if (unmount_all()) return {};
  return Error(ErrorKind::run, "a file system of the image is still in use",
               "a process that a package started may still run in it");
}

}  // namespace konvoy::disk
