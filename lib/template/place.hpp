// From a byte of a template to its place in the YAML file.
#pragma once

#include <optional>

#include "base/source_span.hpp"
#include "template/failure.hpp"
#include "value/value.hpp"

namespace konvoy::templates {

/// The place of `region` of the text `value` in the file it was read from. A scalar's text differs
/// from what stands in the file (quotes, escapes, folded lines); where the two cannot be followed
/// side by side the scalar's own span is given. Nothing for a value that was made.
[[nodiscard]] std::optional<base::SourceSpan> place_of(const value::Value& value, Region region);

}  // namespace konvoy::templates
