// Linear logical volumes of a raw image, without the kernel's device mapper: none is ever
// activated, so a killed build leaves no mapping behind.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "disk/image_file.hpp"
#include "disk/layout.hpp"

namespace konvoy::disk {

/// The logical volumes on the physical volume at `where`, read with the lvm tools from a read-only
/// loop device. Needs root. Error of kind run.
[[nodiscard]] base::Result<std::vector<Extent>> logical_volumes(const RawImage& image,
                                                                const Extent& where);

/// Makes the physical volume fill its partition, and the volume that lies last on it fill what is
/// then free; gives that volume. Error of kind input: there is no linear volume.
[[nodiscard]] base::Result<Extent> grow_last_volume(const RawImage& image, const Extent& where);

}  // namespace konvoy::disk
