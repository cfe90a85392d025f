// A raw disk image mounted at a directory, with all that its fstab asks for.
//
// Mounts are made in the calling thread's own mount namespace (enter_private_mounts()), through
// loop devices that the kernel frees with the last mount: a killed build leaves neither behind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "disk/image_file.hpp"

namespace konvoy::disk {

/// From now on, what this process mounts is seen by it and its children alone. Error of kind run:
/// we are not root, or there are no loop devices.
[[nodiscard]] base::Result<void> enter_private_mounts();

class MountedImage {
 public:
  /// Finds the root file system (the one with /etc/fstab and /etc/os-release), mounts it at
  /// `directory`, and /boot, /boot/efi and whatever else of fstab is in the image below it. Errors:
  /// kind input when no root or several are found, when the root is encrypted, or when fstab names
  /// /boot and the image has no such file system.
  static base::Result<MountedImage> mount(const RawImage& image, const std::string& directory);

  MountedImage(MountedImage&& other) noexcept;
  MountedImage& operator=(MountedImage&&) = delete;
  MountedImage(const MountedImage&) = delete;
  MountedImage& operator=(const MountedImage&) = delete;
  ~MountedImage();

  [[nodiscard]] const std::string& root() const { return mounts_.front(); }
  /// Where the file systems are mounted, the root first.
  [[nodiscard]] const std::vector<std::string>& mounts() const { return mounts_; }

  /// What ordinary users may still write to the root file system.
  [[nodiscard]] base::Result<std::uint64_t> free_bytes() const;

  /// Gives the blocks that no file uses back to the image file (as holes), and unmounts everything.
  /// Error of kind run: not all that was written reached the image, or something still runs in it.
  [[nodiscard]] base::Result<void> finish();

 private:
  MountedImage() = default;
  [[nodiscard]] bool unmount_all();

  std::vector<std::string> mounts_;
};

}  // namespace konvoy::disk
