// What both ways of making a manifest share; not for other modules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "verify/create.hpp"

namespace konvoy::verify {

/// What the options say, and the public half of the signer's key.
[[nodiscard]] base::Result<Manifest> start_manifest(const CreateOptions& options,
                                                    const FileSigner& signer);

/// A file of the manifest: its size, digest and (with a key) signature.
[[nodiscard]] base::Result<FileEntry> entry_of(const std::string& path, std::string_view content,
                                               const FileSigner& signer);

/// Adds the images that are listed by a tag and not in the manifest already.
void add_images(const std::vector<ListedImage>& listed, Manifest& manifest);

}  // namespace konvoy::verify
