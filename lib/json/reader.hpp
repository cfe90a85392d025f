// JSON text to a Value that knows where each part of it stood.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "value/value.hpp"

namespace konvoy::json {

/// What one text may cost.
struct Limits {
  std::size_t bytes = std::size_t{64} * 1024 * 1024;
  std::size_t depth = 100;  ///< arrays and objects inside each other
};

/// The one value that `text` is (RFC 8259); `name` is what messages call it. Whole numbers that fit
/// 64 bits are integers, other numbers floating.
///
/// Errors (input), each with its place: no JSON, text after the value, no UTF-8, a key that stands
/// twice in an object (readers disagree on which one counts, and signatures depend on it), a limit.
[[nodiscard]] base::Result<value::Value> parse(std::string name, std::string text,
                                               const Limits& limits = {});

}  // namespace konvoy::json
