// What a YAML scalar without quotes means.
#pragma once

#include <string_view>

#include "value/value.hpp"

namespace konvoy::yaml {

/// The value of a plain scalar by the rules of YAML 1.1 as yaml.v2 (Go), and so
/// konvoy-image-builder, applies them: y, yes, on, true and their opposites are booleans; `0755`
/// and `0o755` are octal, 0x and 0b work, underscores between digits do not count; `1:20` and dates
/// stay text; an empty text, `~` and `null` are null. Never fails: what is nothing else is text.
[[nodiscard]] value::Value resolve_scalar(std::string_view text, value::Origin origin = {});

}  // namespace konvoy::yaml
