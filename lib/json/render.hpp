// A Value as JSON text: the same value always gives the same bytes.
#pragma once

#include <string>

#include "value/value.hpp"

namespace konvoy::json {

struct RenderOptions {
  int indent = 2;          ///< blanks a level; 0 writes everything on one line
  bool sort_keys = false;  ///< by bytes; otherwise maps keep their own order
  /// Secrets are written as they are. Only for files that only their owner can read.
  bool reveal_secrets = false;
};

/// RFC 8259. Secrets show as "***". Infinite numbers and not-a-number, which JSON lacks, become
/// null. An indented text ends with a newline, one on a single line does not.
[[nodiscard]] std::string render(const value::Value& value, const RenderOptions& options = {});

}  // namespace konvoy::json
