// Whether the images of a manifest are in containerd's content store, whole and unchanged.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "target/target.hpp"
#include "verify/files.hpp"
#include "verify/manifest.hpp"
#include "verify/report.hpp"

namespace konvoy::verify {

/// Where containerd keeps content by digest (its plugin io.containerd.content.v1.content).
inline constexpr std::string_view content_store =
    "/var/lib/containerd/io.containerd.content.v1.content/blobs/sha256";

/// One component for each image of the manifest. The reference must lead to the manifest's digest
/// (asked of `ctr`; an image root has none running, there the content alone counts), and everything
/// below it for the node's architecture must be there with the digest it is named by. An executable
/// that the manifest names inside is taken out of the layers and digested.
[[nodiscard]] base::Result<std::vector<Component>> verify_images(target::Target& target,
                                                                 const Manifest& manifest,
                                                                 const ContentTools& tools);

/// Lines of `ctr images list`: reference and digest. Pure.
struct ListedImage {
  std::string reference;
  std::string digest;
  bool operator==(const ListedImage&) const = default;
};
[[nodiscard]] std::vector<ListedImage> parse_image_list(std::string_view text);

}  // namespace konvoy::verify
