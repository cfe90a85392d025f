#include "inventory/literal.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace konvoy::inventory {
namespace {

// Deeper than any inventory, less deep than the stack.
constexpr int deepest = 50;

bool is_word_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<value::Value> whole_number(std::string_view digits, int base, bool negative) {
  std::uint64_t magnitude = 0;
  const auto* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, magnitude, base);
  if (error != std::errc() || rest != end || magnitude > INT64_MAX) return std::nullopt;
  const auto number = static_cast<std::int64_t>(magnitude);
  return value::Value(negative ? -number : number);
}

// A number as Python writes it, without its sign; underscores may part digits.
std::optional<value::Value> number(std::string text, bool negative) {
  if (text.starts_with('_') || text.ends_with('_') || text.find("__") != std::string::npos) {
    return std::nullopt;
  }
  std::erase(text, '_');
  const auto lower = base::to_lower(text);
  for (const auto& [prefix, radix] : {std::pair{"0x", 16}, {"0o", 8}, {"0b", 2}}) {
    if (lower.starts_with(prefix)) return whole_number(lower.substr(2), radix, negative);
  }
  if (std::ranges::all_of(text, is_digit)) {
    // 007 is no number in Python, 000 is.
    const bool padded = text.size() > 1 && text[0] == '0';
    if (padded && text.find_first_not_of('0') != std::string::npos) return std::nullopt;
    return whole_number(text, 10, negative);
  }
  double real = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, real);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value::Value(negative ? -real : real);
}

class Reader {
 public:
  Reader(std::string_view text, const value::Origin& origin) : text_(text), origin_(origin) {}

  std::optional<value::Value> read_all() {
    auto value = read(0);
    if (!value) return std::nullopt;
    skip_blanks();
    if (at_ < text_.size() && text_[at_] != '#') return std::nullopt;
    return value;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool take(char character) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != character) return false;
    ++at_;
    return true;
  }

  value::Value made(value::Value value) const { return value.with_origin(origin_); }

  std::optional<value::Value> read(int depth) {
    skip_blanks();
    if (at_ >= text_.size() || depth > deepest) return std::nullopt;
    const char first = text_[at_];
    if (take('[')) return items(']', depth);
    if (take('(')) return tuple(depth);
    if (take('{')) return dictionary(depth);
    if (first == '\'' || first == '"') return quoted();
    if (take('-')) return read_number(true);
    if (take('+')) return read_number(false);
    if (is_digit(first) || first == '.') return read_number(false);
    return read_name();
  }

  std::optional<value::Value> read_number(bool negative) {
    skip_blanks();
    std::string digits;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool exponent_sign = (c == '-' || c == '+') && !digits.empty() &&
                                 (digits.back() == 'e' || digits.back() == 'E') &&
                                 !digits.starts_with("0x");
      if (!is_word_character(c) && c != '.' && !exponent_sign) break;
      digits += c;
      ++at_;
    }
    const bool numeric =
        !digits.empty() && (is_digit(digits[0]) || digits.size() > 1) &&
        digits.find_first_not_of("0123456789abcdefABCDEFxXoO_.+-") == std::string::npos;
    auto value = numeric ? number(digits, negative) : std::nullopt;
    return value ? std::optional(made(*value)) : std::nullopt;
  }

  std::optional<value::Value> read_name() {
    std::string name;
    while (at_ < text_.size() && is_word_character(text_[at_])) name += text_[at_++];
    if (name == "True") return made(true);
    if (name == "False") return made(false);
    if (name == "None") return made(nullptr);
    return std::nullopt;
  }

  std::optional<value::Value> quoted() {
    const char quote = text_[at_++];
    std::string out;
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] != '\\' || at_ + 1 == text_.size()) {
        out += text_[at_];
      } else {
        escape(text_[++at_], out);
      }
    }
    if (at_ >= text_.size()) return std::nullopt;
    ++at_;
    return made(std::move(out));
  }

  static void escape(char character, std::string& out) {
    switch (character) {
      case 'n': out += '\n'; return;
      case 't': out += '\t'; return;
      case 'r': out += '\r'; return;
      case '\\':
      case '\'':
      case '"': out += character; return;
      default: break;
    }
    out += '\\';  // Python keeps a backslash that escapes nothing
    out += character;
  }

  std::optional<value::Value> items(char close, int depth) {
    value::List all;
    while (!take(close)) {
      if (!all.empty() && !take(',')) return std::nullopt;
      if (!all.empty() && take(close)) break;
      auto item = read(depth + 1);
      if (!item) return std::nullopt;
      all.push_back(std::move(*item));
    }
    return made(std::move(all));
  }

  // "(1)" is only 1 in parentheses; "(1,)" and "()" are tuples.
  std::optional<value::Value> tuple(int depth) {
    const auto start = at_;
    auto single = read(depth + 1);
    if (single && take(')')) return single;
    at_ = start;
    return items(')', depth);
  }

  std::optional<value::Value> dictionary(int depth) {
    value::Map map;
    bool first = true;
    while (!take('}')) {
      if (!first && !take(',')) return std::nullopt;
      if (!first && take('}')) break;
      first = false;
      auto key = read(depth + 1);
      if (!key || key->is_list() || key->is_map() || !take(':')) return std::nullopt;
      auto value = read(depth + 1);
      if (!value) return std::nullopt;
      map.set({.key = value::to_display(*key),
               .value = std::move(*value),
               .key_span = origin_.span,
               .key_kind = key->kind()});
    }
    return made(std::move(map));
  }

  std::string_view text_;
  const value::Origin& origin_;
  std::size_t at_ = 0;
};

}  // namespace

value::Value parse_literal(std::string_view text, const value::Origin& origin) {
  if (auto literal = Reader(text, origin).read_all()) return *literal;
  return {std::string(text), origin};
}

}  // namespace konvoy::inventory
