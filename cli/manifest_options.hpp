// Options that say which signed manifest, shared by the commands that read one.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "verify/signed_manifest.hpp"

namespace konvoy::cli {

/// --keyring, --fingerprint, --signature
[[nodiscard]] std::vector<Option> manifest_options();

/// --image-archive, which may be repeated.
[[nodiscard]] Option image_archive_option(std::string help);

/// What they and the argument MANIFEST say.
[[nodiscard]] verify::ManifestSource manifest_source(const Invocation& invocation);

}  // namespace konvoy::cli
