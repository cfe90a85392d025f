// The options of `build` and `generate` that belong to one cloud, as konvoy-image-builder calls
// them.
#pragma once

#include <vector>

#include "app/configuration.hpp"
#include "cli/command.hpp"

namespace konvoy::cli {

[[nodiscard]] std::vector<Option> cloud_options(config::Cloud cloud);

/// Error of kind usage when the image file is for another cloud than the command.
[[nodiscard]] base::Result<void> check_cloud(const app::Configuration& configuration,
                                             config::Cloud cloud, const std::string& image);

}  // namespace konvoy::cli
