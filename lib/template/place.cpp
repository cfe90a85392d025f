#include "template/place.hpp"

#include <algorithm>
#include <string_view>

#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

using value::Quoting;

// Reads a scalar as it is written and as it was understood, side by side.
class Walker {
 public:
  Walker(std::string_view written, std::string_view text, Quoting quoting)
      : written_(written), text_(text), quoting_(quoting) {}

  // The offset in `written` of the character at `target` of the text; nothing when they part.
  std::optional<std::size_t> offset_of(std::size_t target) {
    if (!start()) return std::nullopt;
    while (at_text_ < target) {
      if (!step()) return std::nullopt;
    }
    skip_margin();
    return at_;
  }

 private:
  [[nodiscard]] bool is_block() const {
    return quoting_ == Quoting::literal_block || quoting_ == Quoting::folded_block;
  }
  [[nodiscard]] char written(std::size_t ahead = 0) const {
    return at_ + ahead < written_.size() ? written_[at_ + ahead] : '\0';
  }

  bool start() {
    if (quoting_ == Quoting::single_quoted || quoting_ == Quoting::double_quoted) {
      const char quote = quoting_ == Quoting::single_quoted ? '\'' : '"';
      if (written() != quote) return false;
      ++at_;
    } else if (is_block()) {
      return start_block();
    }
    return true;
  }

  // Past the block's header; its first line with text tells the margin of all.
  bool start_block() {
    if (written() == '|' || written() == '>') {
      const auto end = written_.find('\n', at_);
      if (end == std::string_view::npos) return false;
      at_ = end + 1;
    }
    auto line = at_;
    while (line < written_.size()) {
      const auto text = written_.find_first_not_of(' ', line);
      if (text == std::string_view::npos) return false;
      if (written_[text] != '\n' && written_[text] != '\r') {
        margin_ = text - line;
        break;
      }
      line = written_.find('\n', text) + 1;
    }
    at_line_start_ = true;
    return true;
  }

  void skip_margin() {
    if (!is_block() || !at_line_start_) return;
    for (std::size_t i = 0; i < margin_ && written() == ' '; ++i) ++at_;
    at_line_start_ = false;
  }

  // One character of the text, and what is written for it.
  bool step() {
    if (at_text_ >= text_.size() || at_ >= written_.size()) return false;
    skip_margin();
    const char c = text_[at_text_];
    if (is_block()) return step_block(c);
    if (c == ' ' || c == '\n') {
      if (step_fold()) return true;
    }
    if (quoting_ == Quoting::double_quoted && written() == '\\') return step_escape();
    if (quoting_ == Quoting::single_quoted && c == '\'' && written(1) == '\'') ++at_;
    return step_same();
  }

  bool step_same() {
    const auto size = code_point_bytes(text_.substr(at_text_));
    if (written_.substr(at_, size) != text_.substr(at_text_, size)) return false;
    at_ += size;
    at_text_ += size;
    return true;
  }

  bool step_block(char c) {
    if (written() == '\r') ++at_;
    if (written() == '\n' && (c == '\n' || c == ' ')) {
      ++at_;
      ++at_text_;
      at_line_start_ = true;
      // In a folded block one line break is a blank, and each further one a line break.
      if (quoting_ == Quoting::folded_block && c == '\n') {
        while (written() == '\n' && text_.substr(at_text_, 1) != "\n") ++at_;
      }
      return true;
    }
    return step_same();
  }

  // A line break in a flow scalar: blanks around it go; alone it is a blank, more are breaks.
  bool step_fold() {
    auto end = at_;
    std::size_t breaks = 0;
    while (end < written_.size() &&
           std::string_view(" \t\r\n").find(written_[end]) != std::string_view::npos) {
      breaks += written_[end] == '\n' ? 1 : 0;
      ++end;
    }
    if (breaks == 0) return false;
    at_ = end;
    at_text_ += breaks == 1 ? 1 : breaks - 1;
    return true;
  }

  bool step_escape() {
    const char kind = written(1);
    if (kind == '\n' || kind == '\r') {  // a line that goes on: it is nothing
      at_ = std::min(written_.find_first_not_of(" \t\r\n", at_ + 1), written_.size());
      return true;
    }
    at_ += 2 + (kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0);
    at_text_ += code_point_bytes(text_.substr(at_text_));
    return true;
  }

  std::string_view written_;
  std::string_view text_;
  Quoting quoting_;
  std::size_t at_ = 0;
  std::size_t at_text_ = 0;
  std::size_t margin_ = 0;
  bool at_line_start_ = false;
};

// The byte of `text` at a line and column that count from 1; npos when there is none.
std::size_t offset_at(std::string_view text, std::uint32_t line, std::uint32_t column) {
  std::size_t at = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) return at;
    ++at;
  }
  for (std::uint32_t i = 1; i < column; ++i) {
    if (at >= text.size() || text[at] == '\n') return std::string_view::npos;
    at += code_point_bytes(text.substr(at));
  }
  return at;
}

base::SourceSpan span_at(const base::SourceSpan& base_span, std::size_t from, std::size_t bytes) {
  const std::string_view text = base_span.source->text;
  auto span = base_span;
  const auto line_start = text.rfind('\n', from == 0 ? 0 : from - 1);
  const auto start = line_start == std::string_view::npos || from == 0 ? 0 : line_start + 1;
  const auto lines = std::ranges::count(text.substr(0, from), '\n');
  span.line = static_cast<std::uint32_t>(lines) + 1;
  span.column = static_cast<std::uint32_t>(code_points(text.substr(start, from - start))) + 1;
  const auto line_end = std::min(text.find('\n', from), text.size());
  const auto shown = text.substr(from, std::min(bytes, line_end - from));
  span.length = static_cast<std::uint32_t>(std::max<std::size_t>(code_points(shown), 1));
  return span;
}

}  // namespace

std::optional<base::SourceSpan> place_of(const value::Value& value, Region region) {
  const auto& span = value.span();
  if (!span.source || span.line == 0) {
    return span.source ? std::optional(span) : std::nullopt;
  }
  if (span.column == 0 || value.string() == nullptr) return span;
  const std::string_view source = span.source->text;
  const auto start = offset_at(source, span.line, span.column);
  if (start == std::string_view::npos) return span;
  const auto written = source.substr(start);
  const auto begin = Walker(written, *value.string(), value.quoting()).offset_of(region.begin);
  if (!begin) return span;
  auto length = std::size_t{1};
  if (region.end > region.begin + 1) {
    const auto end = Walker(written, *value.string(), value.quoting()).offset_of(region.end - 1);
    if (end && *end >= *begin) length = *end - *begin + 1;
  }
  return span_at(span, start + *begin, length);
}

}  // namespace konvoy::templates
