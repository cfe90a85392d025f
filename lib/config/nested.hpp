// Private to the module: a value at a dotted path.
#pragma once

#include <string_view>

#include "base/source_span.hpp"
#include "value/value.hpp"

namespace konvoy::config {

/// Sets `dotted_path` in `map`, with maps on the way there; what is no map on the way is replaced.
/// `key_span` becomes the place of the keys.
void set_nested(value::Map& map, std::string_view dotted_path, value::Value value,
                const base::SourceSpan& key_span);

}  // namespace konvoy::config
