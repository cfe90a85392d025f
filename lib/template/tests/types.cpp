// Tests that ask what a value is.
#include <algorithm>
#include <array>

#include "template/access.hpp"
#include "template/builtins.hpp"
#include "template/python_text.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

using Answer = Outcome<bool>;

// A test without arguments that a question about the object answers.
template <bool (*asks)(const Object&)>
Answer answers(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  return asks(input);
}

bool is_defined(const Object& object) {
  return object.undefined() == nullptr;
}
bool is_undefined(const Object& object) {
  return object.undefined() != nullptr;
}
bool is_none(const Object& object) {
  return object.is_none();
}
bool is_boolean(const Object& object) {
  return object.boolean() != nullptr;
}
bool is_exactly_true(const Object& object) {
  return object.boolean() && *object.boolean();
}
bool is_exactly_false(const Object& object) {
  return object.boolean() && !*object.boolean();
}
bool is_integer(const Object& object) {
  return object.integer() != nullptr || object.big_integer() != nullptr;
}
bool is_float(const Object& object) {
  return object.floating() != nullptr;
}
bool is_number(const Object& object) {
  return object.as_number().has_value() || object.big_integer() != nullptr;
}
bool is_text(const Object& object) {
  return object.text() != nullptr;
}
bool is_mapping(const Object& object) {
  return object.dict() != nullptr;
}
bool is_sequence(const Object& object) {
  return length_of(object).has_value();
}
bool is_callable(const Object& object) {
  return object.callable() != nullptr;
}
bool is_truthy(const Object& object) {
  return is_true(object);
}
bool is_falsy(const Object& object) {
  return !is_true(object);
}

template <bool upper>
Answer is_case(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(const auto text, str_text(input));
  return to_lower(text) != to_upper(text) && text == (upper ? to_upper(text) : to_lower(text));
}

Answer names_filter(Evaluator&, const Object& input, const Arguments&) {
  return input.text() != nullptr && find_filter(*input.text()) != nullptr;
}
Answer names_test(Evaluator&, const Object& input, const Arguments&) {
  return input.text() != nullptr && find_test(*input.text()) != nullptr;
}

constexpr std::array tests = {
    Test{"defined", answers<is_defined>, true},
    Test{"undefined", answers<is_undefined>, true},
    Test{"none", answers<is_none>, true},
    Test{"boolean", answers<is_boolean>, true},
    Test{"true", answers<is_exactly_true>, true},
    Test{"false", answers<is_exactly_false>, true},
    Test{"integer", answers<is_integer>, true},
    Test{"float", answers<is_float>, true},
    Test{"number", answers<is_number>, true},
    Test{"string", answers<is_text>, true},
    Test{"mapping", answers<is_mapping>, true},
    Test{"sequence", answers<is_sequence>},
    Test{"iterable", answers<is_sequence>},
    Test{"callable", answers<is_callable>, true},
    Test{"truthy", answers<is_truthy>},
    Test{"falsy", answers<is_falsy>},
    Test{"lower", is_case<false>},
    Test{"upper", is_case<true>},
    Test{"filter", names_filter},
    Test{"test", names_test},
};

}  // namespace

std::span<const Test> type_tests() {
  return tests;
}

}  // namespace konvoy::templates
