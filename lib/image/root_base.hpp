// What a root image is made from: a directory, a tar archive or an OCI image layout.
#pragma once

#include <string>

#include "base/result.hpp"
#include "value/value.hpp"

namespace konvoy::image {

enum class BaseForm { directory, tar, oci_layout };

struct RootBase {
  std::string path;
  BaseForm form = BaseForm::directory;
  bool operator==(const RootBase&) const = default;
};

/// What is at `path`, found out by looking: a directory with `oci-layout` in it is a layout
/// (image-layout.md of the OCI image specification), any other directory is a root; a file is a tar
/// archive. Error of kind input: nothing there, or a file that tar does not know.
[[nodiscard]] base::Result<RootBase> find_base(const std::string& path);

/// What stays known of the base after unpacking.
struct Unpacked {
  std::string digest;  ///< "sha256:..." of the archive or the manifest; empty for a directory
  value::Value image_config;  ///< the OCI image configuration; null for other forms
};

/// Copies the base into `directory`, which must be empty, with owners, modes, times and extended
/// attributes. The base is only read. Needs root. Errors: input for a damaged base, run for the
/// disk.
[[nodiscard]] base::Result<Unpacked> unpack(const RootBase& from, const std::string& directory);

}  // namespace konvoy::image
