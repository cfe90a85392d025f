#include "yaml/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace konvoy::yaml {
namespace {

using Words = std::array<std::string_view, 11>;
constexpr Words true_words = {"y",    "Y",    "yes", "Yes", "YES", "true",
                              "True", "TRUE", "on",  "On",  "ON"};
constexpr Words false_words = {"n",     "N",     "no",  "No",  "NO", "false",
                               "False", "FALSE", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 5> null_words = {"", "~", "null", "Null", "NULL"};

template <class Range>
bool one_of(std::string_view text, const Range& words) {
  return std::ranges::find(words, text) != words.end();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The whole of `digits` in `base`, or nothing.
std::optional<std::uint64_t> parse_digits(std::string_view digits, int base) {
  std::uint64_t number = 0;
  const auto* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number, base);
  if (digits.empty() || error != std::errc() || rest != end) return std::nullopt;
  return number;
}

// 0x1f, 0o17, 017, 0b11, 12, each without its sign.
std::optional<std::uint64_t> parse_magnitude(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') {
    const char mark = text[1];
    if (mark == 'x' || mark == 'X') return parse_digits(text.substr(2), 16);
    if (mark == 'o' || mark == 'O') return parse_digits(text.substr(2), 8);
    if (mark == 'b' || mark == 'B') return parse_digits(text.substr(2), 2);
    return parse_digits(text.substr(1), 8);
  }
  return parse_digits(text, 10);
}

// `[.][0-9]+` or `[0-9]+([.][0-9]*)?`, perhaps with an exponent: what std::from_chars would also
// take ("inf", "nan", hexadecimal) is text in YAML.
bool looks_like_float(std::string_view text) {
  const auto digits = [&text] {
    const auto count =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
    text.remove_prefix(count);
    return count > 0;
  };
  const bool whole = digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!digits() && !whole) return false;
  } else if (!whole) {
    return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    return digits() && text.empty();
  }
  return text.empty();
}

std::optional<double> parse_float(std::string_view text) {
  if (!looks_like_float(text)) return std::nullopt;
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  return number;
}

std::optional<double> special_float(std::string_view text) {
  constexpr std::array<std::string_view, 3> nan = {".nan", ".NaN", ".NAN"};
  constexpr std::array<std::string_view, 3> infinite = {".inf", ".Inf", ".INF"};
  if (one_of(text, nan)) return std::numeric_limits<double>::quiet_NaN();
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (!one_of(text, infinite)) return std::nullopt;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return negative ? -infinity : infinity;
}

// A number that starts with a sign or a digit.
std::optional<value::Value> parse_number(std::string_view text, const value::Origin& origin) {
  std::string plain(text);
  std::erase(plain, '_');
  std::string_view rest = plain;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (const auto magnitude = parse_magnitude(rest)) {
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (*magnitude <= largest) {
      const auto number = static_cast<std::int64_t>(*magnitude);
      return value::Value(negative ? -number : number, origin);
    }
    const auto number = static_cast<double>(*magnitude);
    return value::Value(negative ? -number : number, origin);
  }
  if (const auto number = parse_float(rest)) {
    return value::Value(negative ? -*number : *number, origin);
  }
  return std::nullopt;
}

}  // namespace

value::Value resolve_scalar(std::string_view text, value::Origin origin) {
  if (one_of(text, null_words)) return {nullptr, std::move(origin)};
  if (one_of(text, true_words)) return {true, std::move(origin)};
  if (one_of(text, false_words)) return {false, std::move(origin)};
  const char first = text.front();
  if (first == '.' || first == '+' || first == '-') {
    if (const auto number = special_float(text)) return {*number, std::move(origin)};
  }
  if (first == '.') {
    if (const auto number = parse_float(text)) return {*number, std::move(origin)};
  } else if (first == '+' || first == '-' || is_digit(first)) {
    if (auto number = parse_number(text, origin)) return *std::move(number);
  }
  return {std::string(text), std::move(origin)};
}

}  // namespace konvoy::yaml
