// Filters about numbers.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "template/builtins.hpp"
#include "template/operators.hpp"
#include "template/python_text.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

// Doubles in between fit in 64 bits.
constexpr double below_int64 = -9.3e18;
constexpr double above_int64 = 9.2e18;

std::optional<Object> truncated(double number) {
  if (!std::isfinite(number)) return std::nullopt;
  if (number > below_int64 && number < above_int64)
    return Object(static_cast<std::int64_t>(number));
  return Object(BigInteger{fmt::format("{:.0f}", std::trunc(number))});
}

Result to_integer(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"default", "base"}));
  const auto fallback = bound.find(0) == nullptr ? Object(std::int64_t{0}) : *bound.find(0);
  KONVOY_TRY(const auto base, bound.integer(1, 10));
  if (input.big_integer() != nullptr) return input;
  if (const auto whole = input.as_integer()) return Object(*whole);
  if (const auto* number = input.floating()) return truncated(*number).value_or(fallback);
  if (const auto* text = input.text()) {
    if (auto whole = parse_integer(*text, static_cast<int>(base))) return std::move(*whole);
    if (const auto number = parse_float(*text)) return truncated(*number).value_or(fallback);
  }
  return fallback;
}

Result to_float(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"default"}));
  if (const auto number = input.as_number()) return Object(*number);
  if (const auto* text = input.text()) {
    if (const auto number = parse_float(*text)) return Object(*number);
  }
  return bound.find(0) == nullptr ? Object(0.0) : *bound.find(0);
}

Result absolute(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  if (const auto* number = input.floating()) return Object(std::fabs(*number));
  if (const auto whole = input.as_integer()) return *whole < 0 ? negate(input) : Object(*whole);
  return misuse(fmt::format("needs a number, not {}", input.type_name()));
}

Result round(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"precision", "method"}));
  KONVOY_TRY(const auto precision, bound.integer(0, 0));
  KONVOY_TRY(const auto method, bound.text(1, "common"));
  const auto number = input.as_number();
  if (!number) {
    return misuse(fmt::format("needs a number, not {}", input.type_name()),
                  "convert the text with '| float'");
  }
  if (precision < -300 || precision > 300) return misuse("the precision is out of range");
  const double scale = std::pow(10.0, static_cast<double>(precision));
  if (method == "ceil") return Object(std::ceil(*number * scale) / scale);
  if (method == "floor") return Object(std::floor(*number * scale) / scale);
  if (method != "common") return misuse(fmt::format("has no method '{}'", method));
  if (precision >= 0 && input.as_integer()) return Object(*input.as_integer());
  // The decimal text of a double is exact: rounding it is what Python's round() does.
  if (precision >= 0) {
    return Object(parse_float(fmt::format("{:.{}f}", *number, precision)).value_or(*number));
  }
  return Object(std::nearbyint(*number * scale) / scale);
}

Outcome<double> number_at(const Bound& bound, std::size_t index, double fallback) {
  if (bound.find(index) == nullptr) return fallback;
  if (const auto number = bound.find(index)->as_number()) return *number;
  return misuse(fmt::format("needs a number, not {}", bound.find(index)->type_name()));
}

Outcome<double> number_of(const Object& input) {
  if (const auto number = input.as_number()) return *number;
  return misuse(fmt::format("needs a number, not {}", input.type_name()));
}

Result logarithm(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"base"}));
  KONVOY_TRY(const auto number, number_of(input));
  KONVOY_TRY(const auto base, number_at(bound, 0, std::exp(1.0)));
  if (number <= 0 || base <= 0 || base == 1) return misuse("has no value there");
  return Object(base == 10 ? std::log10(number) : std::log(number) / std::log(base));
}

Result power(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"exponent"}, 1));
  KONVOY_TRY(const auto number, number_of(input));
  KONVOY_TRY(const auto exponent, number_at(bound, 0, 1));
  return Object(std::pow(number, exponent));
}

Result root(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"base"}));
  KONVOY_TRY(const auto number, number_of(input));
  KONVOY_TRY(const auto base, number_at(bound, 0, 2));
  return Object(base == 2 ? std::sqrt(number) : std::pow(number, 1 / base));
}

constexpr std::array filters = {
    Filter{"int", to_integer}, Filter{"float", to_float}, Filter{"abs", absolute},
    Filter{"round", round},    Filter{"log", logarithm},  Filter{"pow", power},
    Filter{"root", root},
};

}  // namespace

std::span<const Filter> number_filters() {
  return filters;
}

}  // namespace konvoy::templates
