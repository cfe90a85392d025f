// "did you mean": the known names that are close to a misspelt one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace konvoy::base {

/// The number of single-character edits (insert, delete, replace, swap of neighbours) between two
/// texts; counting stops above `limit` and then gives limit + 1.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// Up to `most` of `known`, closest first. A name is close when at most a third of its characters
/// (and at most three) differ.
[[nodiscard]] std::vector<std::string> close_names(std::string_view name,
                                                   std::span<const std::string> known,
                                                   std::size_t most = 3);

/// "did you mean 'a'?" or "did you mean 'a' or 'b'?"; empty when nothing is close.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> known);

}  // namespace konvoy::base
