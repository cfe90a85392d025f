// What the schema says about the settings of a user.
#pragma once

#include <span>
#include <vector>

#include "base/diagnostic.hpp"
#include "config/layer.hpp"

namespace konvoy::config {

/// Warnings about `layers`, which stand in the order of precedence:
///   - a value of the wrong type, or a number where text is meant (1.20 is 1.2)
///   - an unknown key that is close to a known one. Known is what the schema has, what a layer
///     below sets, and what a template of any layer refers to. Names that differ in digits alone
///     are no mistake, nor are ansible_ variables and those that start with `x-`.
/// Defaults and inventories are not checked. Ordered by place.
[[nodiscard]] std::vector<base::Diagnostic> check(std::span<const Layer> layers);

}  // namespace konvoy::config
