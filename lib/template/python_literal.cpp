#include "template/python_literal.hpp"

#include <algorithm>
#include <charconv>

#include "template/python_text.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

// Deeper literals are left as text: nobody writes them, and each level needs stack.
constexpr int deepest = 100;

class LiteralParser {
 public:
  explicit LiteralParser(std::string_view text) : rest_(text) {}

  std::optional<Object> parse() {
    auto value = element();
    skip_space();
    if (!value || !rest_.empty()) return {};
    return value;
  }

 private:
  void skip_space() {
    while (!rest_.empty()) {
      if (rest_[0] == '#') {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (std::string_view(" \t\n\r\f").find(rest_[0]) != std::string_view::npos) {
        rest_.remove_prefix(1);
      } else {
        break;
      }
    }
  }

  bool take(char c) {
    skip_space();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<Object> element() {
    skip_space();
    if (rest_.empty() || depth_ == deepest) return {};
    ++depth_;
    auto value = element_here();
    --depth_;
    return value;
  }

  std::optional<Object> element_here() {
    if (take('[')) return sequence(']');
    if (take('{')) return dict();
    if (take('(')) return sequence(')');
    if (rest_[0] == '\'' || rest_[0] == '"') return strings();
    if (rest_[0] == '-' || rest_[0] == '+') return signed_number();
    const auto code = static_cast<unsigned char>(rest_[0]);
    if ((code >= '0' && code <= '9') || code == '.') return number(false);
    return word();
  }

  std::optional<Object> sequence(char close) {
    Items items;
    bool comma = false;
    while (!take(close)) {
      if (!items.empty() && !comma) return {};
      auto item = element();
      if (!item) return {};
      items.push_back(std::move(*item));
      comma = take(',');
    }
    if (close == ']') return Object::list(std::move(items));
    if (items.size() == 1 && !comma) return items.front();  // parentheses alone
    return Object::tuple(std::move(items));
  }

  std::optional<Object> dict() {
    Dict made;
    bool comma = true;
    while (!take('}')) {
      if (!comma) return {};
      auto key = element();
      if (!key || !hash_of(*key) || !take(':')) return {};
      auto value = element();
      if (!value) return {};
      made.set(std::move(*key), std::move(*value));
      comma = take(',');
    }
    return Object(std::move(made));
  }

  std::optional<Object> strings() {
    std::string all;
    bool any = false;
    for (skip_space(); !rest_.empty() && (rest_[0] == '\'' || rest_[0] == '"'); skip_space()) {
      const char quote = rest_[0];
      if (rest_.starts_with(std::string(3, quote))) return {};
      std::size_t end = 1;
      while (end < rest_.size() && rest_[end] != quote) {
        if (rest_[end] == '\n') return {};
        end += rest_[end] == '\\' ? 2 : 1;
      }
      if (end >= rest_.size()) return {};
      all += unescape(rest_.substr(1, end - 1));
      rest_.remove_prefix(end + 1);
      any = true;
    }
    return any ? std::optional<Object>(std::move(all)) : std::nullopt;
  }

  std::optional<Object> signed_number() {
    bool negative = false;
    while (!rest_.empty() && (rest_[0] == '-' || rest_[0] == '+')) {
      negative ^= rest_[0] == '-';
      rest_.remove_prefix(1);
      skip_space();
    }
    return number(negative);
  }

  std::optional<Object> number(bool negative) {
    std::size_t end = 0;
    while (end < rest_.size() && is_number_byte(end)) ++end;
    const auto digits = rest_.substr(0, end);
    if (digits.empty() || (digits[0] != '.' && (digits[0] < '0' || digits[0] > '9'))) return {};
    rest_.remove_prefix(end);
    const std::string text = (negative ? "-" : "") + std::string(digits);
    const bool octal_like = digits.size() > 1 && digits[0] == '0' &&
                            digits.find_first_not_of("0_") != std::string_view::npos &&
                            digits.find_first_not_of("0123456789_") == std::string_view::npos;
    if (octal_like) return {};
    if (auto whole = parse_integer(text, 0)) return whole;
    if (const auto real = parse_float(text)) return Object(*real);
    return {};
  }

  [[nodiscard]] bool is_number_byte(std::size_t at) const {
    const char c = rest_[at];
    const char before = at == 0 ? ' ' : rest_[at - 1];
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || ((c == '-' || c == '+') && (before == 'e' || before == 'E'));
  }

  std::optional<Object> word() {
    std::size_t end = 0;
    while (end < rest_.size() &&
           ((rest_[end] >= 'a' && rest_[end] <= 'z') || (rest_[end] >= 'A' && rest_[end] <= 'Z'))) {
      ++end;
    }
    const auto name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    const bool quoted = !rest_.empty() && (rest_[0] == '\'' || rest_[0] == '"');
    if (quoted) return name == "u" || name == "U" ? strings() : std::nullopt;
    if (name == "True" || name == "true") return Object(true);
    if (name == "False" || name == "false") return Object(false);
    if (name == "None" || name == "null") return Object();
    return {};
  }

  std::string_view rest_;
  int depth_ = 0;
};

// The value of up to `most` digits of `base` at the start of `text`, and how many there were.
std::pair<char32_t, std::size_t> digits_at(std::string_view text, std::size_t most, int base) {
  std::uint32_t value = 0;
  const auto* end = text.data() + std::min(most, text.size());
  const auto done = std::from_chars(text.data(), end, value, base);
  return {value, static_cast<std::size_t>(done.ptr - text.data())};
}

// Appends what the escape after a backslash means; gives the bytes it took, 0 for an unknown one.
std::size_t append_escape(std::string& out, std::string_view text) {
  static constexpr std::string_view names = "abfnrtv\\'\"\n";
  static constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\'\"";
  const auto simple = names.find(text[0]);
  if (simple != std::string_view::npos) {
    if (simple < meanings.size()) out += meanings[simple];
    return 1;
  }
  if (text[0] >= '0' && text[0] <= '7') {
    const auto [code, taken] = digits_at(text, 3, 8);
    append_code_point(out, code);
    return taken;
  }
  const std::size_t wanted = text[0] == 'x' ? 2 : text[0] == 'u' ? 4 : text[0] == 'U' ? 8 : 0;
  const auto [code, taken] = digits_at(text.substr(1), wanted, 16);
  if (wanted == 0 || taken != wanted) return 0;
  append_code_point(out, code);
  return wanted + 1;
}

}  // namespace

std::optional<Object> parse_literal(std::string_view text) {
  return LiteralParser(text).parse();
}

Object literal_or_text(std::string text) {
  if (text == "True") return {true};
  if (text == "False") return {false};
  if (!text.empty() && (text[0] == '{' || text[0] == '[')) {
    if (auto literal = parse_literal(text)) return std::move(*literal);
  }
  return {std::move(text)};
}

std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (text[0] == '\\' && text.size() > 1) {
      if (const auto taken = append_escape(out, text.substr(1)); taken != 0) {
        text.remove_prefix(taken + 1);
        continue;
      }
    }
    out += text[0];
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace konvoy::templates
