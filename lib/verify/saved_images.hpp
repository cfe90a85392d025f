// Container images that were saved to files: tar archives, or directories, with an OCI image
// layout, as `ctr images export`, `skopeo copy` and `docker save` write it.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "verify/images.hpp"

namespace konvoy::verify {

/// What verify_images() says of files on this machine. Errors (kind input): one of `paths` is not
/// there, or holds no images with names.
[[nodiscard]] base::Result<std::vector<Component>> verify_saved_images(
    const std::vector<std::string>& paths, const Manifest& manifest, const ContentTools& tools);

/// The images in the files. Errors as above.
[[nodiscard]] base::Result<std::vector<ListedImage>> list_saved_images(
    const std::vector<std::string>& paths);

/// The images that the index of a layout names: by the reference that containerd gives
/// ("io.containerd.image.name"), else by "org.opencontainers.image.ref.name" (image-layout.md and
/// annotations.md of the OCI image specification 1.0). Pure.
[[nodiscard]] std::vector<ListedImage> parse_layout_index(const value::Value& index);

}  // namespace konvoy::verify
