#include "yaml/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/encoding.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "yaml/scalar.hpp"

namespace konvoy::yaml {
namespace {

// DEL, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR and the byte order mark.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> unquotable = {{
    {"\x7F", "\\x7F"},
    {"\xC2\x85", "\\x85"},
    {"\xE2\x80\xA8", "\\u2028"},
    {"\xE2\x80\xA9", "\\u2029"},
    {"\xEF\xBB\xBF", "\\uFEFF"},
}};

bool needs_escape(std::string_view text) {
  return std::ranges::any_of(
      unquotable, [&](const auto& pair) { return text.find(pair.first) != std::string::npos; });
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// Whether `text` stands for itself without quotes: no indicator, nothing that reads as another kind
// (by our rules, or by readers that know YAML 1.2's or base 60 numbers).
bool is_plain(std::string_view text) {
  constexpr std::string_view never_first = "-?:,[]{}#&*!|>'\"%@`= \t";
  if (text.empty() || never_first.find(text.front()) != std::string_view::npos) return false;
  if (text.back() == ' ' || text.back() == ':' || text.back() == '\t') return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) {
    return false;
  }
  if (std::ranges::any_of(text, is_control) || needs_escape(text)) return false;
  if (text.starts_with("...") || text == "<<") return false;
  const bool like_number =
      text.find_first_not_of("0123456789+-._:TtZ eE") == std::string_view::npos;
  return !like_number && resolve_scalar(text).is_string();
}

// In double quotes. JSON's escapes are YAML's too, but YAML forbids or folds a few characters more.
std::string quote(std::string_view text) {
  auto quoted = base::json_quote(text);
  for (const auto& [character, escape] : unquotable) {
    quoted = base::replace_all(quoted, character, escape);
  }
  return quoted;
}

bool is_text(std::string_view bytes) {
  return base::find_invalid_utf8(bytes) == std::string_view::npos;
}

// Without quotes where that can be. Bytes that '!!binary' gave are no text: a YAML file is UTF-8.
std::string on_one_line(const std::string& text) {
  if (!is_text(text)) return "!!binary " + base::to_base64(text);
  return is_plain(text) ? text : quote(text);
}

std::string render_number(double number) {
  if (std::isnan(number)) return ".nan";
  if (std::isinf(number)) return number < 0 ? "-.inf" : ".inf";
  return base::render_double(number);
}

class Renderer {
 public:
  explicit Renderer(const RenderOptions& options) : options_(options) {}

  std::string run(const value::Value& value) {
    if (is_block(value)) {
      block(value, 0, "");
    } else {
      scalar(value, 2);
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is_masked(const value::Value& value) const {
    return value.is_secret() && !options_.reveal_secrets;
  }

  // Whether `value` takes lines of its own.
  [[nodiscard]] bool is_block(const value::Value& value) const {
    if (is_masked(value)) return false;
    return (value.is_map() && !value.map()->empty()) || (value.is_list() && !value.list()->empty());
  }

  void block(const value::Value& value, std::size_t indent, std::string_view path) {
    if (value.is_map()) {
      bool first = !out_.empty() && out_.back() == ' ';  // behind "- "
      for (const auto& entry : value.map()->entries()) {
        map_entry(entry, indent, path, std::exchange(first, false));
      }
    } else {
      bool first = !out_.empty() && out_.back() == ' ';
      for (const auto& item : *value.list()) {
        if (!std::exchange(first, false)) out_.append(indent, ' ');
        out_ += "- ";
        is_block(item) ? block(item, indent + 2, path) : scalar(item, indent + 2);
      }
    }
  }

  void map_entry(const value::Entry& entry, std::size_t indent, std::string_view parent,
                 bool continues_line) {
    std::string path(parent);
    if (options_.comment) {
      path = parent.empty() ? entry.key : fmt::format("{}.{}", parent, entry.key);
      const auto comment = options_.comment(path, entry);
      if (!comment.empty() && !continues_line) {
        out_ += fmt::format("{:{}}# {}\n", "", indent, comment);
      }
    }
    if (!continues_line) out_.append(indent, ' ');
    // A key that was no text goes without quotes, so that it is read as what it was.
    const bool plain = entry.key_kind != value::Kind::string;
    out_ += plain ? entry.key : on_one_line(entry.key);
    out_ += ':';
    if (!is_block(entry.value)) {
      out_ += ' ';
      scalar(entry.value, indent + 2);
      return;
    }
    out_ += '\n';
    block(entry.value, entry.value.is_list() ? indent : indent + 2, path);
  }

  void scalar(const value::Value& value, std::size_t indent) {
    if (is_masked(value)) {
      out_ += fmt::format("'{}'", base::masked);
    } else if (const auto* number = value.floating()) {
      out_ += render_number(*number);
    } else if (const auto* text = value.string()) {
      string(*text, indent);
      return;
    } else if (value.is_map()) {
      out_ += "{}";
    } else if (value.is_list()) {
      out_ += "[]";
    } else {
      out_ += value::to_display(value);
    }
    out_ += '\n';
  }

  void string(const std::string& text, std::size_t indent) {
    if (!fits_literal_block(text)) {
      out_ += on_one_line(text) + "\n";
      return;
    }
    out_ += text.ends_with('\n') ? "|\n" : "|-\n";
    for (const auto& line : base::split_lines(text)) {
      if (!line.empty()) out_ += fmt::format("{:{}}{}", "", indent, line);
      out_ += '\n';
    }
  }

  // Several lines, none of which needs an escape or an explicit indentation.
  static bool fits_literal_block(const std::string& text) {
    if (text.find('\n') == std::string::npos) return false;
    if (text.front() == ' ' || text.front() == '\n' || text.ends_with("\n\n")) return false;
    if (needs_escape(text) || !is_text(text)) return false;
    return std::ranges::none_of(text, [](char c) { return c != '\n' && is_control(c); });
  }

  const RenderOptions& options_;
  std::string out_;
};

}  // namespace

std::string render(const value::Value& value, const RenderOptions& options) {
  return Renderer(options).run(value);
}

}  // namespace konvoy::yaml
