// One source of settings, and where it stands in the order of precedence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "value/value.hpp"

namespace konvoy::config {

/// In ascending precedence: a later kind wins over an earlier one.
enum class LayerKind { defaults, inventory, image, overrides, flags, extra_vars };

/// "defaults", "inventory", "image", "overrides", "flags", "extra-vars".
[[nodiscard]] std::string_view name_of(LayerKind kind);

/// The settings of one file, or of one part of the command line: a map, or null for none.
struct Layer {
  LayerKind kind = LayerKind::overrides;
  value::Value value;
  /// Paths that this layer takes away from those below it.
  std::vector<std::string> removes = {};
};

}  // namespace konvoy::config
