#include "base/scrubber.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace konvoy::base {
namespace {

// Shorter secrets would match ordinary words.
constexpr std::size_t shortest_secret = 4;

// What base64 makes of `bytes` when `offset` other bytes stand before it: only the digits that
// depend on nothing but `bytes`.
std::string base64_core(std::string_view bytes, std::size_t offset) {
  const auto text = to_base64(std::string(offset, '\0') + std::string(bytes));
  const std::size_t first = (offset * 8 + 5) / 6;
  const std::size_t last = (offset + bytes.size()) * 8 / 6;
  return text.substr(first, last - first);
}

std::string without_quotes(std::string quoted) {
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void Scrubber::add(const Secret& secret) {
  const auto bytes = secret.reveal();
  if (bytes.size() < shortest_secret) return;
  const auto remember = [this](std::string needle) {
    Secret found(std::move(needle));
    if (found.reveal().size() >= shortest_secret &&
        std::ranges::find(needles_, found) == needles_.end()) {
      needles_.push_back(std::move(found));
    }
  };
  remember(std::string(bytes));
  remember(without_quotes(json_quote(bytes)));
  remember(without_quotes(shell_quote(bytes)));
  for (std::size_t offset = 0; offset < 3; ++offset) remember(base64_core(bytes, offset));
  std::ranges::stable_sort(needles_, std::ranges::greater{},
                           [](const Secret& needle) { return needle.reveal().size(); });
}

std::string Scrubber::scrub(std::string_view text) const {
  std::string out(text);
  for (const auto& needle : needles_) {
    const auto bytes = needle.reveal();
    for (auto at = out.find(bytes); at != std::string::npos; at = out.find(bytes, at)) {
      out.replace(at, bytes.size(), masked);
      at += masked.size();
    }
  }
  return out;
}

}  // namespace konvoy::base
