#include "template/text_search.hpp"

#include <algorithm>

#include "template/python_text.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

Items split_on_space(std::string_view text, std::int64_t most) {
  Items parts;
  text = strip_left(text);
  while (!text.empty() && most != 0) {
    std::size_t end = 0;
    while (end < text.size() && !is_space(decode_code_point(text.substr(end)))) {
      end += code_point_bytes(text.substr(end));
    }
    parts.emplace_back(text.substr(0, end));
    text = strip_left(text.substr(end));
    --most;
  }
  if (!text.empty()) parts.emplace_back(strip_right(text));
  return parts;
}

Items split_on_space_right(std::string_view text, std::int64_t most) {
  auto all = split_on_space(text, -1);
  if (most < 0 || static_cast<std::int64_t>(all.size()) <= most) return all;
  text = strip_right(text);
  Items kept(all.end() - most, all.end());
  for (std::int64_t i = 0; i < most; ++i) {
    const auto& last = *(all.end() - 1 - i)->text();
    text = strip_right(text.substr(0, text.size() - last.size()));
  }
  if (!strip_left(text).empty()) kept.insert(kept.begin(), Object(strip_left(text)));
  return kept;
}

}  // namespace

Items split_text(std::string_view text, std::string_view separator, std::int64_t most) {
  if (separator.empty()) return split_on_space(text, most);
  Items parts;
  for (auto at = text.find(separator); at != std::string_view::npos && most != 0;
       at = text.find(separator)) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
    --most;
  }
  parts.emplace_back(text);
  return parts;
}

Items split_text_right(std::string_view text, std::string_view separator, std::int64_t most) {
  if (separator.empty()) return split_on_space_right(text, most);
  Items parts;
  for (auto at = text.rfind(separator); at != std::string_view::npos && most != 0;
       at = text.rfind(separator)) {
    parts.emplace_back(text.substr(at + separator.size()));
    text = text.substr(0, at);
    --most;
  }
  parts.emplace_back(text);
  std::ranges::reverse(parts);
  return parts;
}

Items split_into_lines(std::string_view text, bool keep_ends) {
  Items lines;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\n\r\v\f\x1c\x1d\x1e"), text.size());
    auto next = std::min(end + 1, text.size());
    if (text.substr(end).starts_with("\r\n")) ++next;
    lines.emplace_back(text.substr(0, keep_ends ? next : end));
    text.remove_prefix(next);
  }
  return lines;
}

Outcome<std::string> replace_text(std::string_view text, std::string_view from, std::string_view to,
                                  std::int64_t most) {
  std::string out;
  const auto too_large = [&out] { return out.size() > largest_text; };
  if (from.empty()) {
    for (const auto character : characters(text)) {
      if (most != 0) out += to;
      if (most > 0) --most;
      out += character;
      if (too_large()) break;
    }
    if (most != 0) out += to;
    text = {};
  }
  for (auto at = from.empty() ? std::string_view::npos : text.find(from);
       at != std::string_view::npos && most != 0 && !too_large(); at = text.find(from)) {
    out += text.substr(0, at);
    out += to;
    text.remove_prefix(at + from.size());
    --most;
  }
  out += text;
  if (too_large()) return Failure(FailureKind::limit, "the replaced text is too large");
  return out;
}

Outcome<std::string> pad_text(std::string_view text, std::int64_t width, Side text_at,
                              std::string_view fill) {
  const auto size = static_cast<std::int64_t>(code_points(text));
  if (width <= size) return std::string(text);
  if (static_cast<std::uint64_t>(width) > largest_text) {
    return Failure(FailureKind::limit, "the padded text is too large");
  }
  const auto blanks = width - size;
  // Python puts the odd blank of str.center() to the left only when the width is odd.
  const auto centred = blanks / 2 + (blanks & width & 1);
  const auto left = text_at == Side::left ? 0 : text_at == Side::right ? blanks : centred;
  std::string out;
  for (std::int64_t i = 0; i < left; ++i) out += fill;
  out += text;
  for (std::int64_t i = left; i < blanks; ++i) out += fill;
  return out;
}

}  // namespace konvoy::templates
