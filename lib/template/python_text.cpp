#include "template/python_text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/secret.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

// Python shows exponents below 1e-4 and from 1e16 on; see float_repr_style in its documentation.
constexpr int fixed_from = -4;
constexpr int fixed_below = 16;

class Writer {
 public:
  Outcome<std::string> write(const Object& object) {
    KONVOY_CHECK(put(object));
    return std::move(out_);
  }

 private:
  Outcome<void> put(const Object& object) {
    if (out_.size() > largest_text) {
      return Failure(FailureKind::limit,
                     fmt::format("the result is larger than {} MiB", largest_text >> 20U));
    }
    if (const auto* missing = object.undefined()) return missing->failure;
    if (const auto* text = object.text()) return put_quoted(*text);
    if (const auto* items = object.list()) return put_items(*items, '[', ']');
    if (const auto* items = object.tuple()) return put_items(*items, '(', ')');
    if (const auto* dict = object.dict()) return put_dict(*dict);
    put_scalar(object);
    return {};
  }

  void put_scalar(const Object& object) {
    if (object.is_none()) {
      out_ += "None";
    } else if (const auto* truth = object.boolean()) {
      out_ += *truth ? "True" : "False";
    } else if (const auto* integer = object.integer()) {
      out_ += std::to_string(*integer);
    } else if (const auto* number = object.floating()) {
      out_ += float_text(*number);
    } else if (const auto* big = object.big_integer()) {
      out_ += big->digits;
    } else if (const auto* callable = object.callable()) {
      out_ += fmt::format("<function {}>", callable->name);
    } else {
      out_ += "<Namespace>";
    }
  }

  Outcome<void> put_items(const Items& items, char open, char close) {
    out_ += open;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i != 0) out_ += ", ";
      KONVOY_CHECK(put(items[i]));
    }
    if (open == '(' && items.size() == 1) out_ += ',';
    out_ += close;
    return {};
  }

  Outcome<void> put_dict(const Dict& dict) {
    out_ += '{';
    bool first = true;
    for (const auto& [key, value] : dict.pairs()) {
      if (!first) out_ += ", ";
      first = false;
      KONVOY_CHECK(put(key));
      out_ += ": ";
      KONVOY_CHECK(put(value));
    }
    out_ += '}';
    return {};
  }

  // Python prefers single quotes and turns to double ones when only they save an escape.
  Outcome<void> put_quoted(std::string_view text) {
    const bool has_single = text.find('\'') != std::string_view::npos;
    const bool has_double = text.find('"') != std::string_view::npos;
    const char quote = has_single && !has_double ? '"' : '\'';
    out_ += quote;
    while (!text.empty()) {
      const auto size = code_point_bytes(text);
      put_character(text.substr(0, size), quote);
      text.remove_prefix(size);
    }
    out_ += quote;
    return {};
  }

  void put_character(std::string_view character, char quote) {
    const auto code = decode_code_point(character);
    if (code == static_cast<unsigned char>(quote) || code == '\\') {
      out_ += '\\';
      out_ += character;
    } else if (code == '\n') {
      out_ += "\\n";
    } else if (code == '\r') {
      out_ += "\\r";
    } else if (code == '\t') {
      out_ += "\\t";
    } else if (code < 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0xAD) {
      out_ += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(code));
    } else if ((code >= 0x2000 && code <= 0x200F) || (code >= 0x2028 && code <= 0x202F)) {
      out_ += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
    } else {
      out_ += character;
    }
  }

  std::string out_;
};

// The digits of a number without underscores between them; nothing when one stands elsewhere.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string out;
  char last = '_';
  for (const char c : text) {
    if (c == '_' && (last == '_' || last == '-' || last == '+' || last == '.')) return {};
    if (last == '_' && (c == '.' || c == 'e' || c == 'E')) {
      if (!out.empty()) return {};
    }
    if (c != '_') out += c;
    last = c;
  }
  if (last == '_') return {};
  return out;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Object> big_integer(std::string_view digits, bool negative) {
  if (!is_digits(digits)) return {};
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return Object(BigInteger{(negative ? "-" : "") + std::string(digits)});
}

}  // namespace

std::string float_text(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::array<char, 64> buffer{};
  const auto done =
      std::to_chars(buffer.begin(), buffer.end(), number, std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(done.ptr - buffer.data()));
  const auto at = text.find('e');
  int exponent = 0;
  const auto* digits_at = text.data() + at + (text[at + 1] == '+' ? 2 : 1);
  std::from_chars(digits_at, text.data() + text.size(), exponent);
  if (exponent < fixed_from || exponent >= fixed_below) return std::string(text);
  const auto fixed = std::to_chars(buffer.begin(), buffer.end(), number, std::chars_format::fixed);
  std::string out(buffer.data(), fixed.ptr);
  if (out.find('.') == std::string::npos) out += ".0";
  return out;
}

Outcome<std::string> repr_text(const Object& object) {
  return Writer().write(object);
}

Outcome<std::string> str_text(const Object& object) {
  if (const auto* text = object.text()) return *text;
  return repr_text(object);
}

std::string shown(const Object& object) {
  if (object.holds_secret()) return std::string(base::masked);
  auto text = str_text(object);
  if (!text) return std::string(object.type_name());
  constexpr std::size_t most = 60;
  std::size_t cut = 0;
  while (cut < text->size() && cut < most) {
    cut += code_point_bytes(std::string_view(*text).substr(cut));
  }
  return cut == text->size() ? *text : text->substr(0, cut) + "...";
}

std::optional<Object> parse_integer(std::string_view text, int base) {
  text = strip(text);
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.size() > 2 && text[0] == '0') {
    const char mark = static_cast<char>(text[1] | 0x20);
    const int marked = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
    if (marked != 0 && (base == marked || base == 0)) {
      base = marked;
      text.remove_prefix(2);
    }
  }
  if (base == 0) base = 10;
  const auto digits = without_underscores(text);
  if (!digits || digits->empty() || base < 2 || base > 36) return {};
  std::uint64_t magnitude = 0;
  const auto* end = digits->data() + digits->size();
  const auto done = std::from_chars(digits->data(), end, magnitude, base);
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool too_large = done.ec == std::errc::result_out_of_range || magnitude > most;
  if (done.ptr != end || (done.ec != std::errc() && !too_large)) return {};
  if (too_large) return base == 10 ? big_integer(*digits, negative) : std::nullopt;
  const auto value = static_cast<std::int64_t>(magnitude);
  return Object(negative ? -value : value);
}

std::optional<double> parse_float(std::string_view text) {
  text = strip(text);
  const auto digits = without_underscores(text);
  if (!digits || digits->empty()) return {};
  std::string_view rest = *digits;
  if (rest[0] == '+') rest.remove_prefix(1);
  if (rest.empty() || rest[0] == '+') return {};
  double number = 0;
  const auto* end = rest.data() + rest.size();
  const auto done = std::from_chars(rest.data(), end, number);
  if (done.ptr != end) return {};
  if (done.ec == std::errc::result_out_of_range) {
    const bool tiny = rest.find("e-") != std::string_view::npos;
    return tiny ? 0.0 : rest[0] == '-' ? -HUGE_VAL : HUGE_VAL;
  }
  if (done.ec != std::errc()) return {};
  return number;
}

}  // namespace konvoy::templates
