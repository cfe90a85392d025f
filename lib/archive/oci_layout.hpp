// Container images saved as a directory (OCI image layout 1.0, image-layout.md).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace konvoy::archive {

struct OciImage {
  std::string name;  ///< its org.opencontainers.image.ref.name, else the start of its digest
  std::vector<std::string> layers;  ///< paths of the blobs, lowest first; their digests are right
  bool operator==(const OciImage&) const = default;
};

/// Whether `directory` holds such a layout.
[[nodiscard]] bool is_oci_layout(const std::string& directory);

/// Every image that the index names, also through indexes inside it (to a depth of 4).
/// Each blob is checked against its digest. Errors (kind input): broken JSON, a blob that is
/// missing or differs.
[[nodiscard]] base::Result<std::vector<OciImage>> read_oci_layout(const std::string& directory);

/// The files of an image lie in layers, where a higher one hides or removes what a lower one has
/// (image-layer.md, "Whiteouts"). What the name of an entry in a layer means.
struct Whiteout {
  enum class Kind { none, path, directory_content };
  Kind kind = Kind::none;
  std::string path;  ///< what is removed; empty for the top directory
  bool operator==(const Whiteout&) const = default;
};
[[nodiscard]] Whiteout whiteout_of(std::string_view entry_path);

}  // namespace konvoy::archive
