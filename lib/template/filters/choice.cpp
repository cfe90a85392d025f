// Filters that choose between values, and those that ask what a value is.
#include <fmt/format.h>

#include <array>

#include "template/builtins.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

Result fallback(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"default_value", "boolean"}));
  const bool also_false = bound.truth(1, false);
  if (input.undefined() == nullptr && (!also_false || is_true(input))) return input;
  return bound.find(0) == nullptr ? Object("") : *bound.find(0);
}

Result ternary(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"true_val", "false_val", "none_val"}, 2));
  if (const auto* missing = input.undefined()) return missing->failure;
  if (input.is_none() && bound.has(2)) return *bound.find(2);
  return *bound.find(is_true(input) ? 0 : 1);
}

Result mandatory(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"msg"}));
  const auto* missing = input.undefined();
  if (missing == nullptr) return input;
  KONVOY_TRY(const auto message, bound.text(0, ""));
  // Not of kind undefined: nothing may forgive it.
  return misuse(message.empty() ? missing->failure.diagnostic().message : message,
                missing->failure.diagnostic().hint);
}

Result boolean(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  if (input.is_none() || input.boolean() != nullptr) return input;
  if (const auto* text = input.text()) {
    const auto word = to_lower(*text);
    return Object(word == "yes" || word == "on" || word == "1" || word == "true");
  }
  return Object(input.as_number() == 1.0);
}

Result type_debug(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  return Object(input.python_type());
}

constexpr std::array filters = {
    Filter{"default", fallback, true}, Filter{"d", fallback, true},
    Filter{"ternary", ternary, true},  Filter{"mandatory", mandatory, true},
    Filter{"bool", boolean},           Filter{"type_debug", type_debug, true},
};

}  // namespace

std::span<const Filter> choice_filters() {
  return filters;
}

}  // namespace konvoy::templates
