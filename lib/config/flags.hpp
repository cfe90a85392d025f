// Options of the command line that set variables.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/layer.hpp"

namespace konvoy::config {

/// An option, without its dashes, and the path that it sets.
struct FlagVariable {
  std::string_view flag;
  std::string_view path;
};

/// All options that set a variable, as konvoy-image-builder calls them.
[[nodiscard]] std::span<const FlagVariable> flag_variables();

/// An option as the user gave it; several values are joined by commas.
struct GivenFlag {
  std::string flag;
  std::vector<std::string> values;
};

/// The layer that `flags` make; those that set no variable, and empty values, are passed over.
/// `packer.dry_run` is always set, as konvoy-image-builder does. A source AMI takes away the
/// filters that would choose another.
[[nodiscard]] Layer flag_layer(std::span<const GivenFlag> flags, bool dry_run = false);

}  // namespace konvoy::config
