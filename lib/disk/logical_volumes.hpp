// Linear logical volumes of a raw image, without the kernel's device mapper.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "disk/layout.hpp"

namespace konvoy::disk {

/// The logical volumes on the physical volume at `where`, read with the lvm tools from a read-only
/// loop device. None is activated: a linear volume is one stretch of the image, so nothing is left
/// behind to clear. Needs root. Error of kind run.
[[nodiscard]] base::Result<std::vector<Extent>> logical_volumes(const std::string& raw,
                                                                const Extent& where);

}  // namespace konvoy::disk
