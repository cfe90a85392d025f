// Reading and writing OCI image layouts (OCI image specification 1.0: image-layout.md, manifest.md,
// config.md, layer.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "value/value.hpp"

namespace konvoy::image {

struct OciImage {
  std::string digest;               ///< of the manifest: "sha256:..."
  value::Value config;              ///< the image configuration
  std::vector<std::string> layers;  ///< files of the layout, lowest first
};

/// The one linux/amd64 (or linux/arm64, on such a machine) image of the layout at `directory`.
/// Every blob that it names is there and has the digest that it is named by. Errors are of kind
/// input.
[[nodiscard]] base::Result<OciImage> read_oci_layout(const std::string& directory);

/// What the image configuration is made of.
struct OciMetadata {
  value::Value base_config;  ///< settings and history are kept; null: none
  std::string architecture;  ///< "amd64", "arm64"
  std::string created_by;    ///< of our own history entry
  std::int64_t created = 0;  ///< seconds since 1970
  std::string reference;     ///< "org.opencontainers.image.ref.name"; may be empty
  value::Map labels;         ///< added to those of the base
};

/// Writes a layout with one layer, the uncompressed tar file `layer`, which is moved into it.
/// `directory` must not exist. Gives the manifest's digest.
[[nodiscard]] base::Result<std::string> write_oci_layout(const std::string& directory,
                                                         const std::string& layer,
                                                         const OciMetadata& metadata);

}  // namespace konvoy::image
