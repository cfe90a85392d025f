// Whether the images of a manifest are there, whole and unchanged: in containerd's content store,
// or in archives (saved_images.hpp).
#pragma once

#include <optional>
#include <span>
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

/// A reference and the digest that it leads to.
struct ListedImage {
  std::string reference;
  std::string digest;
  bool operator==(const ListedImage&) const = default;
};

/// Lines of `ctr images list`. Pure.
[[nodiscard]] std::vector<ListedImage> parse_image_list(std::string_view text);

/// A place with images.
struct ImageStore {
  target::Target* target = nullptr;
  std::string blobs;  ///< its directory with every content, named by SHA-256
  /// Nothing: no one knows which references lead where (an image root, where no containerd runs);
  /// there the content alone counts.
  std::optional<std::vector<ListedImage>> listed;
};

/// The store of the containerd on a node.
[[nodiscard]] base::Result<ImageStore> node_images(target::Target& node);

/// One component for each image of the manifest. The reference must lead to the manifest's digest
/// in one of the stores, and everything below it for the manifest's architecture must be there with
/// the digest it is named by. An executable that the manifest names inside is taken out of the
/// layers and digested.
[[nodiscard]] base::Result<std::vector<Component>> verify_images(std::span<const ImageStore> stores,
                                                                 const Manifest& manifest,
                                                                 const ContentTools& tools);

}  // namespace konvoy::verify
