// Layers to one configuration, by the rules of konvoy-image-builder.
#pragma once

#include <span>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "config/layer.hpp"
#include "config/provenance.hpp"
#include "value/value.hpp"

namespace konvoy::config {

/// Everything that is set, and by what.
struct Config {
  value::Value value;  ///< a map
  Provenance provenance;
  /// What konvoy-image-builder does without a word: a change of type between layers, `{}` over a
  /// map, an override that changes nothing. Ordered by place.
  std::vector<base::Diagnostic> warnings;
};

struct MergeRules {
  /// A map over a scalar or a list that is not empty replaces it (mergo from 0.3.15, which the
  /// newest konvoy-image-builder has) or is ignored (before).
  bool map_replaces_others = true;
};

/// Merges `layers`, the lowest first, as mergo 0.3.16 with `WithOverride` does: maps merge deeply;
/// lists and scalars replace; null replaces by null; `{}` over a map changes nothing. Then sets
/// `kubernetes_full_version` to kubernetes_version, and, when kubernetes_build_metadata is text and
/// not empty, `+` and that. Values that are secret by name or by the schema are marked so.
///
/// Errors (input), all of them together: a layer that is no map; `kubernetes_version` is missing or
/// no text; a flag sets a key below something that is no map.
[[nodiscard]] base::Result<Config> merge(std::span<const Layer> layers,
                                         const MergeRules& rules = {});

}  // namespace konvoy::config
