#include "plan/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace konvoy::plan {
namespace {

bool is_one_of(std::string_view word, const std::array<std::string_view, 5>& words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

const value::Value* Fields::find(std::string_view path) const {
  const auto* found = config_.at_path(path);
  return found == nullptr || found->is_null() ? nullptr : found;
}

void Fields::problem(std::string message, const base::SourceSpan& span, std::string hint) {
  base::Diagnostic diagnostic{.message = std::move(message), .hint = std::move(hint)};
  if (span.source) diagnostic.span = span;
  problems_.push_back(std::move(diagnostic));
}

Sourced<std::string> Fields::text(std::string_view path, std::string fallback) {
  const auto* found = find(path);
  if (found == nullptr) return {std::move(fallback), {}};
  if (const auto* text = found->string()) return {*text, found->span()};
  problem(fmt::format("'{}' must be text, it is {}", path, value::name_of(found->kind())),
          found->span(), "put it in quotes");
  return {std::move(fallback), found->span()};
}

Sourced<std::string> Fields::required_text(std::string_view path) {
  auto found = text(path);
  const auto* raw = find(path);
  if (found.value.empty() && (raw == nullptr || raw->is_string())) {
    problem(fmt::format("'{}' is not set", path), found.source);
  }
  return found;
}

Sourced<bool> Fields::flag(std::string_view path, bool fallback) {
  const auto* found = find(path);
  if (found == nullptr) return {fallback, {}};
  if (const auto* boolean = found->boolean()) return {*boolean, found->span()};
  if (const auto* number = found->integer()) return {*number != 0, found->span()};
  if (const auto* text = found->string()) {
    const auto word = base::to_lower(*text);
    if (is_one_of(word, {"true", "yes", "on", "1", "y"})) return {true, found->span()};
    if (is_one_of(word, {"false", "no", "off", "0", "n"}) || word.empty()) {
      return {false, found->span()};
    }
  }
  problem(fmt::format("'{}' must be true or false", path), found->span());
  return {fallback, found->span()};
}

std::vector<std::string> Fields::texts(std::string_view path) {
  const auto* found = find(path);
  if (found == nullptr) return {};
  const auto* list = found->list();
  if (list == nullptr) {
    // An empty text stands for an empty list in several of konvoy-image-builder's files.
    if (!found->is_string() || !found->string()->empty()) {
      problem(fmt::format("'{}' must be a list", path), found->span());
    }
    return {};
  }
  std::vector<std::string> texts;
  for (const auto& item : *list) {
    if (const auto* text = item.string()) {
      texts.push_back(*text);
    } else {
      problem(fmt::format("'{}' must be a list of texts", path), item.span());
    }
  }
  return texts;
}

}  // namespace konvoy::plan
