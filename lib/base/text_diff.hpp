// The difference between two texts, for people.
#pragma once

#include <string>
#include <string_view>

namespace konvoy::base {

/// A unified diff (`diff -u`) of `before` and `after` with `context` lines around each change,
/// under the headers "--- name" and "+++ name"; empty when they are the same. Texts of more than
/// 20,000 lines are only said to differ.
[[nodiscard]] std::string unified_diff(std::string_view name, std::string_view before,
                                       std::string_view after, std::size_t context = 3);

}  // namespace konvoy::base
