#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "template/operators.hpp"
#include "template/python_text.hpp"
#include "template/text_search.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

// Wider fields and longer fractions are mistakes.
constexpr int largest_width = 4096;

class PercentFormatter {
 public:
  PercentFormatter(std::string_view format, const Object& values)
      : rest_(format), values_(values) {}

  Outcome<Object> run() {
    std::string out;
    for (auto at = rest_.find('%'); at != std::string_view::npos; at = rest_.find('%')) {
      out += rest_.substr(0, at);
      rest_.remove_prefix(at + 1);
      KONVOY_TRY(const auto field, one_field());
      out += field;
      if (out.size() > largest_text) return Failure(FailureKind::limit, "the text is too large");
    }
    out += rest_;
    if (values_.tuple() != nullptr && used_ < values_.tuple()->size()) {
      return misuse("'%' has more values than places for them");
    }
    if (values_.tuple() == nullptr && values_.dict() == nullptr && values_.list() == nullptr &&
        used_ == 0) {
      return misuse("'%' has more values than places for them");
    }
    return Object(std::move(out));
  }

 private:
  struct Field {
    bool left = false;
    bool zero = false;
    bool plus = false;
    int width = 0;
    int precision = -1;
  };

  int digits() {
    int value = 0;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      value = std::min(value * 10 + (rest_[0] - '0'), largest_width);
      rest_.remove_prefix(1);
    }
    return value;
  }

  Outcome<std::string> one_field() {
    const Object* named = nullptr;
    if (rest_.starts_with("(")) {
      const auto end = rest_.find(')');
      const auto* dict = values_.dict();
      if (end == std::string_view::npos || dict == nullptr) {
        return misuse("'%(name)s' needs a map on the right of '%'");
      }
      named = dict->find_text(rest_.substr(1, end - 1));
      if (named == nullptr) {
        return misuse(fmt::format("'%' finds no key '{}'", rest_.substr(1, end - 1)));
      }
      rest_.remove_prefix(end + 1);
    }
    Field field;
    for (; !rest_.empty() && std::string_view("-0+ #").find(rest_[0]) != std::string_view::npos;
         rest_.remove_prefix(1)) {
      field.left = field.left || rest_[0] == '-';
      field.zero = field.zero || rest_[0] == '0';
      field.plus = field.plus || rest_[0] == '+';
    }
    field.width = digits();
    if (rest_.starts_with(".")) {
      rest_.remove_prefix(1);
      field.precision = digits();
    }
    if (rest_.empty()) return misuse("'%' ends before its letter");
    const char letter = rest_[0];
    rest_.remove_prefix(1);
    if (letter == '%') return std::string("%");
    const Object* value = named;
    if (value == nullptr) {
      KONVOY_TRY(value, next_value());
    }
    KONVOY_TRY(auto text, convert(letter, *value, field));
    return pad(std::move(text), field, letter);
  }

  Outcome<const Object*> next_value() {
    const auto* tuple = values_.tuple();
    const std::size_t count = tuple == nullptr ? 1 : tuple->size();
    if (used_ == count) return misuse("'%' has fewer values than places for them");
    const auto* value = tuple == nullptr ? &values_ : &(*tuple)[used_];
    ++used_;
    return value;
  }

  static Outcome<std::string> convert(char letter, const Object& value, const Field& field) {
    if (letter == 's' || letter == 'r') {
      KONVOY_TRY(auto text, letter == 's' ? str_text(value) : repr_text(value));
      if (field.precision >= 0) {
        const auto all = characters(text);
        const auto most = std::min(all.size(), static_cast<std::size_t>(field.precision));
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < most; ++i) bytes += all[i].size();
        text.resize(bytes);
      }
      return text;
    }
    const auto number = value.as_number();
    if (!number) {
      return misuse(fmt::format("'%{}' needs a number, not {}", letter, value.type_name()));
    }
    const std::string sign = field.plus && *number >= 0 ? "+" : "";
    if (letter == 'd' || letter == 'i' || letter == 'u') {
      if (const auto whole = value.as_integer()) return sign + std::to_string(*whole);
      return sign + fmt::format("{:.0f}", std::trunc(*number));
    }
    const auto whole = value.as_integer();
    if (letter == 'x' && whole) return fmt::format("{:x}", *whole);
    if (letter == 'X' && whole) return fmt::format("{:X}", *whole);
    if (letter == 'o' && whole) return fmt::format("{:o}", *whole);
    const int precision = field.precision < 0 ? 6 : field.precision;
    if (letter == 'f' || letter == 'F') return sign + fmt::format("{:.{}f}", *number, precision);
    if (letter == 'e') return sign + fmt::format("{:.{}e}", *number, precision);
    if (letter == 'g') return sign + fmt::format("{:.{}g}", *number, std::max(precision, 1));
    return misuse(fmt::format("'%{}' is not supported", letter));
  }

  static Outcome<std::string> pad(std::string text, const Field& field, char letter) {
    if (field.zero && !field.left && letter != 's' && letter != 'r') {
      const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
      KONVOY_TRY(auto digits, pad_text(std::string_view(text).substr(sign ? 1 : 0),
                                       field.width - (sign ? 1 : 0), Side::right, "0"));
      return (sign ? text.substr(0, 1) : "") + digits;
    }
    return pad_text(text, field.width, field.left ? Side::left : Side::right);
  }

  std::string_view rest_;
  const Object& values_;
  std::size_t used_ = 0;
};

}  // namespace

Outcome<Object> percent_format(const std::string& format, const Object& values) {
  return PercentFormatter(format, values).run();
}

}  // namespace konvoy::templates
