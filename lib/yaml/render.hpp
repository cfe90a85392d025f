// A Value as YAML text that reads back as the same Value.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "value/value.hpp"

namespace konvoy::yaml {

struct RenderOptions {
  /// Secrets are written as they are. Only for files that only their owner can read.
  bool reveal_secrets = false;
  /// Asked for each entry of a map, with the entry and its dotted path ("fips.enabled"): a line
  /// that is written as a comment above it; empty for none.
  std::function<std::string(std::string_view path, const value::Entry& entry)> comment;
};

/// `value` in block style, two blanks a level, maps in their own order, text plain where that reads
/// back as the same text, else in double quotes; long text with line breaks as a literal block.
/// Ends with a newline.
[[nodiscard]] std::string render(const value::Value& value, const RenderOptions& options = {});

}  // namespace konvoy::yaml
