// YAML text to a Value that knows where each part of it stood.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "value/value.hpp"

namespace konvoy::yaml {

/// What one text may cost. A text that needs more is refused with an error that says which limit.
struct Limits {
  std::size_t bytes = std::size_t{4} * 1024 * 1024;
  std::size_t depth = 100;               ///< lists and maps inside each other
  std::size_t values_by_alias = 100000;  ///< values that aliases repeat, all together
  std::size_t text_by_alias = std::size_t{4} * 1024 * 1024;  ///< bytes of text in them
};

/// One YAML document. `warnings` are mistakes that change nothing for the reader but probably
/// something for the writer: duplicate keys, further documents, a `<<` that replaces keys above it,
/// an unknown tag.
struct Document {
  value::Value value;
  std::vector<base::Diagnostic> warnings;
};

/// The first document of `text`; an empty text is null. `name` is what messages call it. A byte
/// order mark and CRLF are accepted.
///
/// Merging by `<<` and the keys of maps are as konvoy-image-builder reads them (yaml.v2): keys are
/// applied in the order in which they stand, also those that `<<` brings; of `<<: [a, b]` a wins; a
/// key that is no text becomes text (`8: x` and `010: x` are one key), at the top level just as it
/// is written.
///
/// Errors (input): what is not YAML, not UTF-8 or over a limit, each with its place.
[[nodiscard]] base::Result<Document> parse(std::string name, std::string text,
                                           const Limits& limits = {});

}  // namespace konvoy::yaml
