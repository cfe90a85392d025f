// Options of the command line that set variables.
#pragma once

#include <optional>
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

/// Whose options: the same name means another variable in each ("--region").
enum class Cloud { aws, azure, gcp, vsphere };

/// The word for it on the command line ("aws"), and its `packer_builder_type` ("amazon").
[[nodiscard]] std::string_view name_of(Cloud cloud);
[[nodiscard]] std::string_view builder_type_of(Cloud cloud);

/// The options that set a variable, as konvoy-image-builder calls them: those of every build, and
/// those of the cloud.
[[nodiscard]] std::vector<FlagVariable> flag_variables(Cloud cloud);

/// An option as the user gave it; several values are joined by commas.
struct GivenFlag {
  std::string flag;
  std::vector<std::string> values;
};

/// The layer that the `flags` of a build for `cloud` make; those that set no variable, and empty
/// values, are passed over. `packer.dry_run` is set by `dry_run`, unless that is empty;
/// konvoy-image-builder always sets it. A source AMI takes away the filters that would choose
/// another.
[[nodiscard]] Layer flag_layer(std::span<const GivenFlag> flags, Cloud cloud,
                               std::optional<bool> dry_run = false);

}  // namespace konvoy::config
