#include "yaml/places.hpp"

#include <algorithm>
#include <cctype>

#include "base/secret.hpp"

namespace konvoy::yaml {
namespace {

bool starts_code_point(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_code_point));
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

// Past `&anchor` and `!tag`, in either order, and the white space after them.
std::size_t skip_properties(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    while (at < text.size() && !is_blank(text[at])) ++at;
    while (at < text.size() && is_blank(text[at])) ++at;
  }
  return at;
}

// The length of a quoted scalar, with its quotes, as far as it stands on its first line.
std::size_t quoted_length(std::string_view text, char quote) {
  std::size_t end = 1;
  for (; end < text.size() && text[end] != '\n'; ++end) {
    if (quote == '"' && text[end] == '\\') {
      ++end;
    } else if (text[end] == quote) {
      if (quote == '"' || end + 1 >= text.size() || text[end + 1] != '\'') return end + 1;
      ++end;
    }
  }
  return std::min(end, text.size());
}

}  // namespace

std::size_t Places::column_of(std::size_t offset, std::size_t line_start) const {
  const std::string_view text = source_->text;
  if (line_start != known_line_start_ || offset < known_offset_) {
    known_line_start_ = known_offset_ = line_start;
    known_column_ = 0;
  }
  known_column_ += code_points(text.substr(known_offset_, offset - known_offset_));
  known_offset_ = offset;
  return known_column_ + 1;
}

base::SourceSpan Places::span_at(const YAML::Mark& mark, std::size_t length) const {
  if (mark.is_null()) return {.source = source_};
  const auto size = source_->text.size();
  const auto offset = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), size);
  const auto column = std::min(static_cast<std::size_t>(std::max(mark.column, 0)), offset);
  return {.source = source_,
          .line = static_cast<std::uint32_t>(mark.line + 1),
          .column = static_cast<std::uint32_t>(column_of(offset, offset - column)),
          .length = static_cast<std::uint32_t>(std::max<std::size_t>(length, 1))};
}

value::Origin Places::scalar_at(const YAML::Mark& mark, std::string_view value) const {
  const std::string_view text = source_->text;
  const auto start = static_cast<std::size_t>(mark.pos);
  const auto at = skip_properties(text, start);
  const char first = at < text.size() ? text[at] : '\0';
  value::Origin origin;
  std::size_t length = 1;
  switch (first) {
    case '\'': origin.quoting = value::Quoting::single_quoted; break;
    case '"': origin.quoting = value::Quoting::double_quoted; break;
    case '|': origin.quoting = value::Quoting::literal_block; break;
    case '>': origin.quoting = value::Quoting::folded_block; break;
    default:
      origin.quoting = value::Quoting::plain;
      if (text.substr(at).starts_with(value)) length = code_points(value);
  }
  if (first == '\'' || first == '"') {
    length = code_points(text.substr(at, quoted_length(text.substr(at), first)));
  }
  YAML::Mark moved = mark;
  const auto skipped = text.substr(start, at - start);
  moved.pos += static_cast<int>(skipped.size());
  moved.line += static_cast<int>(std::ranges::count(skipped, '\n'));
  const auto line_break = skipped.rfind('\n');
  moved.column = line_break == std::string_view::npos
                     ? mark.column + static_cast<int>(skipped.size())
                     : static_cast<int>(skipped.size() - line_break - 1);
  origin.span = span_at(moved, length);
  return origin;
}

std::string_view Places::word_at(const YAML::Mark& mark) const {
  const std::string_view text = source_->text;
  const auto rest = text.substr(skip_properties(text, static_cast<std::size_t>(mark.pos)));
  return rest.substr(0, std::min(rest.size(), rest.find_first_of(" \t\n:,]}#")));
}

bool Places::ends_quote(const YAML::Mark& mark) const {
  const std::string_view text = source_->text;
  const auto start = skip_properties(text, static_cast<std::size_t>(mark.pos));
  if (start >= text.size() || (text[start] != '"' && text[start] != '\'')) return true;
  const char quote = text[start];
  for (std::size_t at = start + 1; at < text.size(); ++at) {
    const bool escapes = quote == '"' ? text[at] == '\\' : text.substr(at, 2) == "''";
    if (escapes) ++at;
    else if (text[at] == quote) return true;
  }
  return false;
}

std::string_view line_of(const base::SourceSpan& span) {
  if (!span.source || span.line == 0) return {};
  std::string_view line = span.source->text;
  for (std::uint32_t at = 1; at < span.line; ++at) {
    const auto end = line.find('\n');
    if (end == std::string_view::npos) return {};
    line.remove_prefix(end + 1);
  }
  return line.substr(0, line.find('\n'));
}

bool shows_secret(const base::SourceSpan& span) {
  const auto line = line_of(span);
  for (auto colon = line.find(':'); colon != std::string_view::npos;
       colon = line.find(':', colon + 1)) {
    const auto before = line.substr(0, colon);
    const auto word = before.find_last_of(" \t{,'\"", before.find_last_not_of(" '\""));
    if (base::names_a_secret(word == std::string_view::npos ? before : before.substr(word + 1))) {
      return true;
    }
  }
  return false;
}

}  // namespace konvoy::yaml
