// Files inside the layers of container images.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::verify {

/// What a layer says about one path.
struct LayerFinding {
  std::optional<std::string> content;  ///< of the file, when the layer holds it
  bool removed = false;                ///< the layer removes what lower ones have there
  bool operator==(const LayerFinding&) const = default;
};

/// Looks for the absolute `path` in a layer: a tar stream, compressed or not. The last entry of
/// that name counts. Errors (kind input): no archive, or a file longer than 1 GiB.
[[nodiscard]] base::Result<LayerFinding> find_in_layer(std::string_view layer,
                                                       std::string_view path);

}  // namespace konvoy::verify
