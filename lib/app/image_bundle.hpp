// Private to the module: a directory of saved container images, for machines without network.
#pragma once

#include <vector>

#include "app/artifact_store.hpp"

namespace konvoy::app {

/// The archives (*.tar, *.tar.gz) in `directory`, which `source` names, with what they hold.
/// Digests are compared with its file SHA256SUMS, as sha256sum(1) writes it; archives that it does
/// not name, or all without it, are warned of, and refused where `options` are strict. Errors:
/// input, with what is wrong with which file.
[[nodiscard]] base::Result<ImageBundle> open_image_bundle(
    const plan::Sourced<std::string>& directory, const ArtifactOptions& options);

/// The names of the images in an archive, from its index.json (OCI image layout) or else its
/// manifest.json (docker save), as containerd's importer names them. Errors: input.
[[nodiscard]] base::Result<std::vector<std::string>> images_in(const std::string& path);

}  // namespace konvoy::app
