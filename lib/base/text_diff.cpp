#include "base/text_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace konvoy::base {
namespace {

constexpr std::size_t most_lines = 20'000;
// Above this many differing lines Myers' quadratic trace would cost more than the diff is worth.
constexpr std::size_t most_edits = 2'000;

struct Edit {
  char mark;  // ' ', '-' or '+', as the diff shows it
  std::string_view line;
};

// The lines with their newlines, so that a missing last one is a difference.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto length = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

using Lines = std::vector<std::string_view>;

// Myers, "An O(ND) difference algorithm and its variations" (1986): the furthest point reached on
// each diagonal after every number of edits; nothing when there are more than most_edits.
std::optional<std::vector<std::vector<std::int64_t>>> trace_edits(const Lines& a, const Lines& b) {
  const auto n = static_cast<std::int64_t>(a.size());
  const auto m = static_cast<std::int64_t>(b.size());
  const auto limit = std::min<std::int64_t>(n + m, most_edits);
  std::vector<std::int64_t> furthest(static_cast<std::size_t>(2 * limit + 3), 0);
  const auto at = [&](std::int64_t k) -> std::int64_t& {
    return furthest[static_cast<std::size_t>(k + limit + 1)];
  };
  std::vector<std::vector<std::int64_t>> trace;
  for (std::int64_t d = 0; d <= limit; ++d) {
    trace.push_back(furthest);
    for (std::int64_t k = -d; k <= d; k += 2) {
      const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
      std::int64_t x = down ? at(k + 1) : at(k - 1) + 1;
      while (x < n && x - k < m && x - k >= 0 &&
             a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)]) {
        ++x;
      }
      at(k) = x;
      if (x >= n && x - k >= m) return trace;
    }
  }
  return std::nullopt;
}

// Everything of `a` away, everything of `b` in: what is left when the texts have little in common.
std::vector<Edit> replace_everything(const Lines& a, const Lines& b) {
  std::vector<Edit> edits;
  for (const auto line : a) edits.push_back({'-', line});
  for (const auto line : b) edits.push_back({'+', line});
  return edits;
}

std::vector<Edit> edits_between(const Lines& a, const Lines& b) {
  const auto trace = trace_edits(a, b);
  if (!trace) return replace_everything(a, b);
  const auto middle = static_cast<std::int64_t>(trace->front().size() / 2);
  std::vector<Edit> edits;
  auto x = static_cast<std::int64_t>(a.size());
  auto y = static_cast<std::int64_t>(b.size());
  for (auto d = static_cast<std::int64_t>(trace->size()) - 1; d >= 0; --d) {
    const auto& furthest = (*trace)[static_cast<std::size_t>(d)];
    const auto at = [&](std::int64_t k) { return furthest[static_cast<std::size_t>(k + middle)]; };
    const std::int64_t k = x - y;
    const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
    const std::int64_t from_k = down ? k + 1 : k - 1;
    const std::int64_t from_x = d == 0 ? 0 : at(from_k);
    const std::int64_t from_y = d == 0 ? 0 : from_x - from_k;
    while (x > from_x && y > from_y) {
      edits.push_back({' ', a[static_cast<std::size_t>(--x)]});
      --y;
    }
    if (d == 0) break;
    if (down) edits.push_back({'+', b[static_cast<std::size_t>(--y)]});
    else edits.push_back({'-', a[static_cast<std::size_t>(--x)]});
  }
  std::ranges::reverse(edits);
  return edits;
}

std::string render_line(const Edit& edit) {
  std::string out = fmt::format("{}{}", edit.mark, edit.line);
  if (!edit.line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  return out;
}

// GNU diff's range: the start counts from 1, or is the line before when the range is empty.
std::string range(std::size_t start, std::size_t count) {
  if (count == 1) return fmt::format("{}", start + 1);
  return fmt::format("{},{}", count == 0 ? start : start + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view name, std::string_view before, std::string_view after,
                         std::size_t context) {
  if (before == after) return {};
  std::string out = fmt::format("--- {}\n+++ {}\n", name, name);
  const auto a = lines_of(before);
  const auto b = lines_of(after);
  if (a.size() > most_lines || b.size() > most_lines) {
    return out + fmt::format("(too long to compare: {} and {} lines)\n", a.size(), b.size());
  }
  const auto edits = edits_between(a, b);
  std::size_t line_a = 0;
  std::size_t line_b = 0;
  for (std::size_t i = 0; i < edits.size();) {
    if (edits[i].mark == ' ') {
      ++i, ++line_a, ++line_b;
      continue;
    }
    // A hunk ends where more than twice the context passes without a change.
    const std::size_t lead = std::min({context, line_a, line_b, i});
    std::size_t last_change = i;
    for (std::size_t j = i; j < edits.size() && j <= last_change + 2 * context; ++j) {
      if (edits[j].mark != ' ') last_change = j;
    }
    const std::size_t end = std::min(edits.size(), last_change + 1 + context);
    std::string body;
    std::size_t count_a = 0;
    std::size_t count_b = 0;
    for (std::size_t j = i - lead; j < end; ++j) {
      body += render_line(edits[j]);
      count_a += edits[j].mark != '+' ? 1U : 0U;
      count_b += edits[j].mark != '-' ? 1U : 0U;
    }
    out += fmt::format("@@ -{} +{} @@\n{}", range(line_a - lead, count_a),
                       range(line_b - lead, count_b), body);
    line_a += count_a - lead;
    line_b += count_b - lead;
    i = end;
  }
  return out;
}

}  // namespace konvoy::base
