// Disk image files: their formats, and making the copy that is worked on.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace konvoy::disk {

enum class Format { raw, qcow2 };

/// From the first bytes ("QFI\xfb"), not from the name. Error of kind input: not there.
[[nodiscard]] base::Result<Format> format_of(const std::string& path);
/// From `result.format` or `disk.format` of a definition: "raw" or "qcow2".
[[nodiscard]] base::Result<Format> format_named(std::string_view name);
[[nodiscard]] std::string_view name_of(Format format);

/// The raw copy that is worked on, and what messages call it: the base that the user named.
struct RawImage {
  std::string path;
  std::string name;
};

/// Copies an image of either format to a sparse raw file. The base is only read. Error of kind
/// input: a qcow2 file that is damaged, or that takes data from another file, which may be any of
/// the builder's. `least_size` (bytes) makes the copy larger than its base; the file systems in it
/// do not grow by that alone.
[[nodiscard]] base::Result<void> copy_to_raw(const std::string& base, const std::string& raw,
                                             std::uint64_t least_size);

/// Turns the raw image into the result, which appears whole or not at all.
[[nodiscard]] base::Result<void> publish(const std::string& raw, const std::string& result,
                                         Format format);

}  // namespace konvoy::disk
