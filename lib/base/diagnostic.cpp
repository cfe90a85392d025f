#include "base/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "base/secret.hpp"

namespace konvoy::base {

const std::string& SourceSpan::name() const {
  static const std::string nameless;
  return source ? source->name : nameless;
}

std::string SourceSpan::location() const {
  if (line == 0) return name();
  if (column == 0) return fmt::format("{}:{}", name(), line);
  return fmt::format("{}:{}:{}", name(), line, column);
}

namespace {

// ECMA-48 "select graphic rendition" parameters.
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view yellow = "\x1b[1;33m";
constexpr std::string_view cyan = "\x1b[36m";
constexpr std::string_view reset = "\x1b[0m";

// A quoted line longer than this is cut around the place.
constexpr std::size_t widest_excerpt = 120;

class Painter {
 public:
  explicit Painter(Colour colour) : on_(colour == Colour::on) {}
  [[nodiscard]] std::string operator()(std::string_view style, std::string_view text) const {
    return on_ ? fmt::format("{}{}{}", style, text, reset) : std::string(text);
  }

 private:
  bool on_;
};

std::string_view style_of(Severity severity) {
  switch (severity) {
    case Severity::error: return red;
    case Severity::warning: return yellow;
    case Severity::note: break;
  }
  return cyan;
}

std::string_view word_for(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: break;
  }
  return "note";
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (std::uint32_t at = 1; at < line; ++at) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

bool continues_code_point(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// The characters of a line as people see them: one entry per code point, tabs and control
// characters as one blank so that the caret stands right. Of a very long line only the first
// `most`.
std::vector<std::string> cells_of(std::string_view line, std::size_t most) {
  std::vector<std::string> cells;
  for (const char byte : line) {
    if (cells.size() == most && !continues_code_point(byte)) break;
    if (continues_code_point(byte) && !cells.empty()) {
      cells.back() += byte;
    } else {
      cells.emplace_back(1, static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte);
    }
  }
  return cells;
}

std::string excerpt(const SourceSpan& span, const Painter& paint, Severity severity) {
  if (!span.source || span.line == 0) return {};
  const std::size_t caret = span.column == 0 ? 0 : span.column - 1;
  // One more than is shown, to see that there is more.
  const auto cells = cells_of(line_of(span.source->text, span.line), caret + widest_excerpt + 1);
  if (cells.empty()) return {};
  const std::size_t first = caret > widest_excerpt * 2 / 3 ? caret - widest_excerpt / 2 : 0;
  const std::size_t last = std::min(cells.size(), first + widest_excerpt);

  std::string shown = first > 0 ? "..." : "";
  const std::size_t indent = shown.size();
  for (std::size_t i = first; i < last; ++i) shown += cells[i];
  if (last < cells.size()) shown += "...";

  std::string out = fmt::format("{:>5} | {}\n", span.line, shown);
  if (span.column == 0 || caret > cells.size()) return out;
  const std::size_t room = std::max<std::size_t>(last, caret + 1) - caret;
  std::string mark = "^";
  mark.append(std::min<std::size_t>(span.length, room) - 1, '~');
  out += fmt::format("      | {}{}\n", std::string(indent + caret - first, ' '),
                     paint(style_of(severity), mark));
  return out;
}

std::string heading(const std::optional<SourceSpan>& span, const Painter& paint) {
  const auto place = span ? span->location() : std::string();
  return place.empty() ? std::string() : paint(bold, place + ":") + " ";
}

}  // namespace

std::string render(const Diagnostic& diagnostic, Colour colour) {
  const Painter paint(colour);
  const auto severity = diagnostic.severity;
  std::string out = fmt::format("{}{} {}\n", heading(diagnostic.span, paint),
                                paint(style_of(severity), fmt::format("{}:", word_for(severity))),
                                diagnostic.message);
  if (diagnostic.span && diagnostic.secret_excerpt && diagnostic.span->line != 0) {
    out += fmt::format("{:>5} | {}\n", diagnostic.span->line, masked);
  } else if (diagnostic.span) {
    out += excerpt(*diagnostic.span, paint, severity);
  }
  for (const auto& note : diagnostic.notes) {
    const auto place = note.span ? note.span->location() : std::string();
    out += fmt::format("  {} {}{}\n", paint(cyan, "note:"), note.message,
                       place.empty() ? "" : fmt::format(" ({})", place));
  }
  if (!diagnostic.hint.empty()) {
    out += fmt::format("  {} {}\n", paint(cyan, "hint:"), diagnostic.hint);
  }
  return out;
}

std::string render(const std::vector<Diagnostic>& diagnostics, Colour colour) {
  std::string out;
  for (const auto& diagnostic : diagnostics) out += render(diagnostic, colour);
  return out;
}

void sort_by_place(std::vector<Diagnostic>& diagnostics) {
  const auto key = [](const Diagnostic& d) {
    const bool nowhere = !d.span || d.span->name().empty();
    return nowhere ? std::tuple(true, std::string(), 0U, 0U)
                   : std::tuple(false, d.span->name(), d.span->line, d.span->column);
  };
  std::ranges::stable_sort(diagnostics, {}, key);
}

}  // namespace konvoy::base
