// Private to the module: what file systems a raw image holds, and mounting one of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "disk/image_file.hpp"
#include "disk/layout.hpp"

namespace konvoy::disk {

struct FileSystem {
  Extent extent;
  Signature signature;
};

[[nodiscard]] base::Result<std::vector<Extent>> partitions_of(const std::string& raw);
[[nodiscard]] base::Result<Signature> signature_of(const std::string& raw, const Extent& extent);

/// Everything in the image that blkid knows: partitions, logical volumes in them, or the one file
/// system of an image without a partition table.
[[nodiscard]] base::Result<std::vector<FileSystem>> survey(const RawImage& image);

/// Mounts it at `directory`, through a loop device that goes with the mount. `more` are further
/// options of mount(8), each with a comma before it.
[[nodiscard]] base::Result<void> mount_extent(const RawImage& image, const FileSystem& file_system,
                                              const std::string& directory, std::string_view more);

}  // namespace konvoy::disk
