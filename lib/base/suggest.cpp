#include "base/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace konvoy::base {

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit) return limit + 1;
  // Optimal string alignment: three rows of the usual table.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    if (*std::ranges::min_element(row) > limit) return limit + 1;
    std::swap(before, previous);
    std::swap(previous, row);
  }
  return std::min(previous[b.size()], limit + 1);
}

std::vector<std::string> close_names(std::string_view name, std::span<const std::string> known,
                                     std::size_t most) {
  // A name of one or two letters is close to every other.
  const std::size_t limit = std::min<std::size_t>(name.size() / 3, 3);
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const auto& candidate : known) {
    const auto distance = edit_distance(name, candidate, limit);
    if (distance > 0 && distance <= limit) found.emplace_back(distance, candidate);
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::string> names;
  for (auto& [distance, candidate] : found) {
    if (names.size() < most) names.push_back(std::move(candidate));
  }
  return names;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> known) {
  const auto names = close_names(name, known, 2);
  if (names.empty()) return {};
  if (names.size() == 1) return fmt::format("did you mean '{}'?", names[0]);
  return fmt::format("did you mean '{}' or '{}'?", names[0], names[1]);
}

}  // namespace konvoy::base
