#include "template/operators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "template/evaluator.hpp"
#include "template/python_text.hpp"

namespace konvoy::templates {
namespace {

std::string_view symbol(BinaryOp op) {
  switch (op) {
    case BinaryOp::add: return "+";
    case BinaryOp::subtract: return "-";
    case BinaryOp::multiply: return "*";
    case BinaryOp::divide: return "/";
    case BinaryOp::floor_divide: return "//";
    case BinaryOp::modulo: return "%";
    case BinaryOp::power: break;
  }
  return "**";
}

bool is_text_like_number(const Object& object) {
  return object.text() != nullptr && parse_float(*object.text()).has_value();
}

std::string conversion_hint(const Object& left, const Object& right) {
  if (is_text_like_number(left) != is_text_like_number(right)) {
    return "convert the text with '| int' or '| float'";
  }
  return {};
}

Failure mismatch(std::string_view op, const Object& left, const Object& right) {
  return misuse(
      fmt::format("'{}' does not work on {} and {}", op, left.type_name(), right.type_name()),
      conversion_hint(left, right));
}

Failure too_large() {
  return misuse("the result does not fit in 64 bits", "integers go up to 9223372036854775807");
}
Failure by_zero() {
  return misuse("division by zero");
}

Outcome<Object> floor_divide(std::int64_t a, std::int64_t b, bool remainder) {
  if (b == 0) return by_zero();
  if (b == -1) {
    if (remainder) return Object(std::int64_t{0});
    if (a == INT64_MIN) return too_large();
    return Object(-a);
  }
  auto quotient = a / b;
  auto rest = a % b;
  if (rest != 0 && (rest < 0) != (b < 0)) {
    --quotient;
    rest += b;
  }
  return Object(remainder ? rest : quotient);
}

Outcome<Object> power(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0) {
    if (base == 0) return by_zero();
    return Object(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  }
  std::int64_t result = 1;
  if (base == 1 || exponent == 0) return Object(result);
  if (base == 0) return Object(std::int64_t{0});
  if (base == -1) return Object(std::int64_t{exponent % 2 == 0 ? 1 : -1});
  for (std::int64_t i = 0; i < exponent; ++i) {
    if (__builtin_mul_overflow(result, base, &result)) return too_large();
  }
  return Object(result);
}

Outcome<Object> on_integers(BinaryOp op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (op) {
    case BinaryOp::add:
      if (__builtin_add_overflow(a, b, &result)) return too_large();
      return Object(result);
    case BinaryOp::subtract:
      if (__builtin_sub_overflow(a, b, &result)) return too_large();
      return Object(result);
    case BinaryOp::multiply:
      if (__builtin_mul_overflow(a, b, &result)) return too_large();
      return Object(result);
    case BinaryOp::divide:
      if (b == 0) return by_zero();
      return Object(static_cast<double>(a) / static_cast<double>(b));
    case BinaryOp::floor_divide: return floor_divide(a, b, false);
    case BinaryOp::modulo: return floor_divide(a, b, true);
    case BinaryOp::power: break;
  }
  return power(a, b);
}

Outcome<Object> on_numbers(BinaryOp op, double a, double b) {
  const bool divides =
      op == BinaryOp::divide || op == BinaryOp::floor_divide || op == BinaryOp::modulo;
  if (divides && b == 0) return by_zero();
  switch (op) {
    case BinaryOp::add: return Object(a + b);
    case BinaryOp::subtract: return Object(a - b);
    case BinaryOp::multiply: return Object(a * b);
    case BinaryOp::divide: return Object(a / b);
    case BinaryOp::floor_divide: return Object(std::floor(a / b));
    case BinaryOp::modulo: {
      const double rest = std::fmod(a, b);
      return Object(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
    }
    case BinaryOp::power: break;
  }
  return Object(std::pow(a, b));
}

Outcome<Object> repeat(const Object& sequence, std::int64_t times) {
  const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(times, 0));
  if (const auto* text = sequence.text()) {
    if (count != 0 && text->size() > largest_text / count) {
      return Failure(FailureKind::limit, "the repeated text is too large");
    }
    std::string out;
    out.reserve(text->size() * count);
    for (std::uint64_t i = 0; i < count; ++i) out += *text;
    return Object(std::move(out));
  }
  const auto& items = *sequence.items();
  if (count != 0 && items.size() > Budget::most_items / count) {
    return Failure(FailureKind::limit, "the repeated list is too large");
  }
  Items out;
  for (std::uint64_t i = 0; i < count; ++i) out.insert(out.end(), items.begin(), items.end());
  return sequence.list() != nullptr ? Object::list(std::move(out)) : Object::tuple(std::move(out));
}

Outcome<Object> join_sequences(const Items& left, const Items& right, bool tuple) {
  if (left.size() + right.size() > Budget::most_items) {
    return Failure(FailureKind::limit, "the joined list is too large");
  }
  Items out = left;
  out.insert(out.end(), right.begin(), right.end());
  return tuple ? Object::tuple(std::move(out)) : Object::list(std::move(out));
}

bool is_sequence(const Object& object) {
  return object.text() != nullptr || object.items() != nullptr;
}

Outcome<bool> less_items(const Items& left, const Items& right) {
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    if (!equals(left[i], right[i])) return is_less(left[i], right[i]);
  }
  return left.size() < right.size();
}

}  // namespace

Outcome<Object> compute(BinaryOp op, const Object& left, const Object& right) {
  if (op == BinaryOp::modulo && left.text() != nullptr) return percent_format(*left.text(), right);
  const auto whole_left = left.as_integer();
  const auto whole_right = right.as_integer();
  if (whole_left && whole_right) return on_integers(op, *whole_left, *whole_right);
  const auto number_left = left.as_number();
  const auto number_right = right.as_number();
  if (number_left && number_right) return on_numbers(op, *number_left, *number_right);
  if (left.big_integer() != nullptr || right.big_integer() != nullptr) return too_large();
  if (op == BinaryOp::add) {
    if (left.text() != nullptr && right.text() != nullptr) {
      if (left.text()->size() + right.text()->size() > largest_text) {
        return Failure(FailureKind::limit, "the joined text is too large");
      }
      return Object(*left.text() + *right.text());
    }
    if (left.list() != nullptr && right.list() != nullptr) {
      return join_sequences(*left.list(), *right.list(), false);
    }
    if (left.tuple() != nullptr && right.tuple() != nullptr) {
      return join_sequences(*left.tuple(), *right.tuple(), true);
    }
  }
  if (op == BinaryOp::multiply) {
    if (is_sequence(left) && whole_right) return repeat(left, *whole_right);
    if (is_sequence(right) && whole_left) return repeat(right, *whole_left);
  }
  return mismatch(symbol(op), left, right);
}

Outcome<Object> negate(const Object& operand) {
  if (const auto whole = operand.as_integer()) {
    return *whole == INT64_MIN ? Outcome<Object>(too_large()) : Object(-*whole);
  }
  if (const auto* number = operand.floating()) return Object(-*number);
  return misuse(fmt::format("'-' does not work on {}", operand.type_name()),
                is_text_like_number(operand) ? "convert the text with '| int'" : "");
}

Outcome<bool> is_less(const Object& left, const Object& right) {
  const auto whole_left = left.as_integer();
  const auto whole_right = right.as_integer();
  if (whole_left && whole_right) return *whole_left < *whole_right;
  const auto number_left = left.as_number();
  const auto number_right = right.as_number();
  if (number_left && number_right) return *number_left < *number_right;
  if (left.text() != nullptr && right.text() != nullptr) return *left.text() < *right.text();
  if (left.list() != nullptr && right.list() != nullptr) {
    return less_items(*left.list(), *right.list());
  }
  if (left.tuple() != nullptr && right.tuple() != nullptr) {
    return less_items(*left.tuple(), *right.tuple());
  }
  if (const auto* missing = left.undefined()) return missing->failure;
  if (const auto* missing = right.undefined()) return missing->failure;
  return misuse(fmt::format("{} and {} have no order", left.type_name(), right.type_name()),
                conversion_hint(left, right));
}

Outcome<bool> contains(const Object& container, const Object& item) {
  if (const auto* text = container.text()) {
    if (item.text() == nullptr) {
      return misuse(fmt::format("'in' a text needs a text on its left, not {}", item.type_name()));
    }
    return text->find(*item.text()) != std::string::npos;
  }
  if (const auto* items = container.items()) {
    for (const auto& each : *items) {
      if (const auto* missing = each.undefined()) return missing->failure;
      if (equals(each, item)) return true;
    }
    return false;
  }
  if (const auto* dict = container.dict()) {
    if (!hash_of(item)) {
      return misuse(fmt::format("a {} cannot be a key of a map", item.type_name()));
    }
    return dict->find(item) != nullptr;
  }
  return misuse(
      fmt::format("'in' needs a text, list or map on its right, not {}", container.type_name()));
}

Outcome<bool> compare(CompareOp op, const Object& left, const Object& right) {
  switch (op) {
    case CompareOp::equal: return equals(left, right);
    case CompareOp::unequal: return !equals(left, right);
    case CompareOp::less: return is_less(left, right);
    case CompareOp::greater: return is_less(right, left);
    case CompareOp::in: return contains(right, left);
    case CompareOp::not_in: {
      KONVOY_TRY(const bool inside, contains(right, left));
      return !inside;
    }
    case CompareOp::less_equal:
    case CompareOp::greater_equal: break;
  }
  if (equals(left, right)) return true;
  return op == CompareOp::less_equal ? is_less(left, right) : is_less(right, left);
}

}  // namespace konvoy::templates
