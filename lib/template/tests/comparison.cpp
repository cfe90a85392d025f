// Tests that compare a value with another.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "template/access.hpp"
#include "template/builtins.hpp"
#include "template/evaluator.hpp"
#include "template/operators.hpp"

namespace konvoy::templates {
namespace {

using Answer = Outcome<bool>;

template <CompareOp op>
Answer compares(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"other"}, 1));
  return compare(op, input, *bound.find(0));
}

// Python's `is`. Containers are never shared between two names here, so that equal ones count.
Answer is_same(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"other"}, 1));
  const auto& other = *bound.find(0);
  return input.python_type() == other.python_type() && equals(input, other);
}

Answer divisible(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"num"}, 1));
  KONVOY_TRY(const auto rest, compute(BinaryOp::modulo, input, *bound.find(0)));
  return !is_true(rest);
}

template <std::int64_t remainder>
Answer parity(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  if (!input.as_number()) return misuse(fmt::format("needs a number, not {}", input.type_name()));
  KONVOY_TRY(const auto rest, compute(BinaryOp::modulo, input, Object(std::int64_t{2})));
  return equals(rest, Object(remainder));
}

Answer has(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"value"}, 1));
  return contains(input, *bound.find(0));
}

// Whether all items of `part` are in `whole`.
Answer all_in(Evaluator& evaluator, const Object& part, const Object& whole) {
  KONVOY_TRY(const auto items, iterate(part));
  KONVOY_CHECK(evaluator.charge(items.size() * length_of(whole).value_or(1) / 4));
  for (const auto& item : items) {
    KONVOY_TRY(const bool inside, contains(whole, item));
    if (!inside) return false;
  }
  return true;
}

template <bool input_is_part>
Answer part_of_other(Evaluator& evaluator, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"other"}, 1));
  const auto& other = *bound.find(0);
  return input_is_part ? all_in(evaluator, input, other) : all_in(evaluator, other, input);
}

template <bool wants_all>
Answer truth_of_items(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(const auto items, iterate(input));
  return wants_all ? std::ranges::all_of(items, is_true) : std::ranges::any_of(items, is_true);
}

constexpr std::array tests = {
    Test{"eq", compares<CompareOp::equal>},
    Test{"equalto", compares<CompareOp::equal>},
    Test{"==", compares<CompareOp::equal>},
    Test{"ne", compares<CompareOp::unequal>},
    Test{"!=", compares<CompareOp::unequal>},
    Test{"lt", compares<CompareOp::less>},
    Test{"<", compares<CompareOp::less>},
    Test{"lessthan", compares<CompareOp::less>},
    Test{"le", compares<CompareOp::less_equal>},
    Test{"<=", compares<CompareOp::less_equal>},
    Test{"gt", compares<CompareOp::greater>},
    Test{">", compares<CompareOp::greater>},
    Test{"greaterthan", compares<CompareOp::greater>},
    Test{"ge", compares<CompareOp::greater_equal>},
    Test{">=", compares<CompareOp::greater_equal>},
    Test{"in", compares<CompareOp::in>},
    Test{"sameas", is_same, true},
    Test{"divisibleby", divisible},
    Test{"odd", parity<1>},
    Test{"even", parity<0>},
    Test{"contains", has},
    Test{"subset", part_of_other<true>},
    Test{"issubset", part_of_other<true>},
    Test{"superset", part_of_other<false>},
    Test{"issuperset", part_of_other<false>},
    Test{"all", truth_of_items<true>},
    Test{"any", truth_of_items<false>},
};

}  // namespace

std::span<const Test> comparison_tests() {
  return tests;
}

}  // namespace konvoy::templates
