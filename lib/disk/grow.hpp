// Making room in a raw image that became larger than what it holds.
#pragma once

#include <string>

#include "base/result.hpp"
#include "disk/image_file.hpp"

namespace konvoy::disk {

/// Makes the last partition, the last linear logical volume on it if it holds such, and the file
/// system in it fill the image. Call it before MountedImage::mount(). Error of kind input: the file
/// system is damaged, or neither ext4 nor xfs.
[[nodiscard]] base::Result<void> grow_last_partition(const RawImage& image,
                                                     const std::string& scratch_directory);

}  // namespace konvoy::disk
