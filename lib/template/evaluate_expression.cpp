#include <fmt/format.h>

#include "template/access.hpp"
#include "template/evaluator.hpp"
#include "template/functions.hpp"
#include "template/methods.hpp"
#include "template/operators.hpp"
#include "template/python_text.hpp"

namespace konvoy::templates {

Outcome<void> Budget::charge(std::uint64_t more) {
  steps += more;
  if (steps <= most_steps) return {};
  return Failure(FailureKind::limit,
                 fmt::format("the template takes more than {} steps", most_steps),
                 "look for a loop over too many items");
}

Outcome<Object> Evaluator::evaluate(const Expression& expression) {
  if (++budget_.depth > Budget::most_depth) {
    --budget_.depth;
    return Failure(FailureKind::limit, "templates are nested too deeply").at(expression.region);
  }
  auto result = [&]() -> Outcome<Object> {
    KONVOY_CHECK(charge(1));
    return std::visit([this](const auto& node) { return eval(node); }, expression.node);
  }();
  --budget_.depth;
  if (!result) return result.error().at(expression.region);
  if (result->depth() > Budget::most_nesting) {
    return Failure(FailureKind::limit, "lists and maps are nested too deeply")
        .at(expression.region);
  }
  if (const auto* missing = result->undefined(); missing != nullptr && !missing->failure.region()) {
    return Object(Undefined{missing->failure.at(expression.region)});
  }
  return result;
}

Outcome<Object> Evaluator::defined(const Expression& expression) {
  KONVOY_TRY(auto object, evaluate(expression));
  if (const auto* missing = object.undefined()) return missing->failure;
  return object;
}

Outcome<bool> Evaluator::truth(const Expression& expression) {
  KONVOY_TRY(const auto object, defined(expression));
  secret_condition_ = secret_condition_ || object.holds_secret();
  return is_true(object);
}

Outcome<std::optional<Object>> Evaluator::optional(const ExpressionPtr& expression) {
  if (!expression) return std::optional<Object>();
  KONVOY_TRY(auto object, defined(*expression));
  return std::optional<Object>(std::move(object));
}

Outcome<Arguments> Evaluator::arguments(const CallArguments& given) {
  Arguments out;
  for (const auto& each : given.positional) {
    KONVOY_TRY(auto value, evaluate(*each));
    out.positional.push_back(std::move(value));
  }
  for (const auto& [name, each] : given.named) {
    KONVOY_TRY(auto value, evaluate(*each));
    out.named.emplace_back(name, std::move(value));
  }
  return out;
}

Outcome<Object> Evaluator::eval(const Literal& node) {
  return node.value;
}

Outcome<Object> Evaluator::eval(const Name& node) {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    if (const auto found = scope->find(node.name); found != scope->end()) return found->second;
  }
  KONVOY_TRY(auto found, names_.find(node.name));
  if (found) return std::move(*found);
  if (is_function(node.name)) return Object(Callable{Callable::What::function, node.name});
  return Object(
      Undefined{Failure(FailureKind::undefined, fmt::format("'{}' is undefined", node.name))
                    .with_missing_name(node.name)});
}

Outcome<Object> Evaluator::eval(const SequenceLiteral& node) {
  Items items;
  for (const auto& each : node.items) {
    KONVOY_TRY(auto item, evaluate(*each));
    items.push_back(std::move(item));
  }
  return node.tuple ? Object::tuple(std::move(items)) : Object::list(std::move(items));
}

Outcome<Object> Evaluator::eval(const DictLiteral& node) {
  Dict dict;
  for (const auto& [key_node, value_node] : node.pairs) {
    KONVOY_TRY(auto key, defined(*key_node));
    if (!hash_of(key)) {
      return misuse(fmt::format("a {} cannot be a key of a map", key.type_name()));
    }
    KONVOY_TRY(auto value, evaluate(*value_node));
    dict.set(std::move(key), std::move(value));
  }
  return Object(std::move(dict));
}

Outcome<Object> Evaluator::eval(const Attribute& node) {
  KONVOY_TRY(const auto object, evaluate(*node.object));
  if (const auto* reference = object.namespace_ref()) {
    const auto* cell = namespace_cell(*reference, node.name);
    return cell == nullptr ? missing_item(object, node.name) : *cell;
  }
  return attribute_of(object, node.name);
}

Outcome<Object> Evaluator::eval(const Subscript& node) {
  KONVOY_TRY(const auto object, evaluate(*node.object));
  KONVOY_TRY(const auto index, evaluate(*node.index));
  KONVOY_TRY(auto item, item_of(object, index));
  return index.holds_secret() ? item.with_secret(true) : item;
}

Outcome<Object> Evaluator::eval(const Slice& node) {
  KONVOY_TRY(const auto object, defined(*node.object));
  SliceBounds bounds;
  const auto bound = [this](const ExpressionPtr& part) -> Outcome<std::optional<std::int64_t>> {
    KONVOY_TRY(const auto value, optional(part));
    if (!value || value->is_none()) return std::optional<std::int64_t>();
    if (const auto number = value->as_integer()) return std::optional<std::int64_t>(*number);
    return misuse(fmt::format("a slice needs integers, not {}", value->type_name()));
  };
  KONVOY_TRY(bounds.start, bound(node.start));
  KONVOY_TRY(bounds.stop, bound(node.stop));
  KONVOY_TRY(bounds.step, bound(node.step));
  return slice_of(object, bounds);
}

Outcome<Object> Evaluator::eval(const Call& node) {
  KONVOY_TRY(const auto callee, defined(*node.callee));
  KONVOY_TRY(const auto given, arguments(node.arguments));
  const auto* callable = callee.callable();
  if (callable == nullptr) {
    return misuse(fmt::format("a {} is no function", callee.type_name()));
  }
  KONVOY_TRY(auto result, call(*callable, given));
  const bool secret = given.holds_secret() || (callable->self && callable->self->secret());
  return secret ? result.with_secret(true) : result;
}

Outcome<Object> Evaluator::call(const Callable& callable, const Arguments& arguments) {
  if (callable.what == Callable::What::macro) return call_macro(*callable.macro, arguments);
  if (callable.what == Callable::What::function) {
    return call_function(*this, callable.name, arguments);
  }
  if (const auto* missing = arguments.first_undefined()) {
    if (callable.name != "get") return missing->failure;
  }
  KONVOY_CHECK(charge(1 + length_of(*callable.self).value_or(0) / 16));
  return call_method(*callable.self, callable.name, arguments);
}

Outcome<Object> Evaluator::apply_filter(const Filter& filter, const Object& input,
                                        const Arguments& arguments) {
  if (!filter.takes_undefined) {
    if (const auto* missing = input.undefined()) return missing->failure;
    if (const auto* missing = arguments.first_undefined()) return missing->failure;
  }
  KONVOY_CHECK(charge(1 + length_of(input).value_or(0) / 16));
  auto result = filter.apply(*this, input, arguments);
  if (!result) {
    const auto& failure = result.error();
    if (failure.kind() != FailureKind::runtime || failure.region() || failure.placed()) {
      return failure;
    }
    auto diagnostic = failure.diagnostic();
    diagnostic.message = fmt::format("filter '{}': {}", filter.name, diagnostic.message);
    return failure.with(std::move(diagnostic));
  }
  const bool secret =
      input.secret() || arguments.holds_secret() || (input.holds_secret() && result->depth() == 0);
  return secret ? result->with_secret(true) : result;
}

Outcome<Object> Evaluator::eval(const FilterUse& node) {
  if (node.filter == nullptr) return no_filter(node.name);
  KONVOY_TRY(const auto input, evaluate(*node.input));
  KONVOY_TRY(const auto given, arguments(node.arguments));
  return apply_filter(*node.filter, input, given);
}

Outcome<bool> Evaluator::apply_test(const Test& test, const Object& input,
                                    const Arguments& arguments) {
  if (!test.takes_undefined) {
    if (const auto* missing = input.undefined()) return missing->failure;
    if (const auto* missing = arguments.first_undefined()) return missing->failure;
  }
  KONVOY_CHECK(charge(1));
  auto result = test.holds(*this, input, arguments);
  if (!result && result.error().kind() == FailureKind::runtime && !result.error().region()) {
    auto diagnostic = result.error().diagnostic();
    diagnostic.message = fmt::format("test '{}': {}", test.name, diagnostic.message);
    return result.error().with(std::move(diagnostic));
  }
  return result;
}

Outcome<Object> Evaluator::eval(const TestUse& node) {
  if (node.test == nullptr) return no_test(node.name);
  KONVOY_TRY(const auto input, evaluate(*node.input));
  KONVOY_TRY(const auto given, arguments(node.arguments));
  KONVOY_TRY(const bool holds, apply_test(*node.test, input, given));
  // Whether a secret is there at all says nothing about it.
  const bool secret = !node.test->takes_undefined && (input.holds_secret() || given.holds_secret());
  return Object(holds).with_secret(secret);
}

Outcome<Object> Evaluator::eval(const Unary& node) {
  KONVOY_TRY(const auto operand, defined(*node.operand));
  if (node.op == Unary::Op::negation) {
    return Object(!is_true(operand)).with_secret(operand.holds_secret());
  }
  if (node.op == Unary::Op::plus && operand.as_number()) return operand;
  KONVOY_TRY(const auto result, negate(operand));
  return result.with_secret(operand.secret());
}

Outcome<Object> Evaluator::eval(const Binary& node) {
  KONVOY_TRY(const auto left, defined(*node.left));
  KONVOY_TRY(const auto right, defined(*node.right));
  KONVOY_TRY(auto result, compute(node.op, left, right));
  const bool formatted = node.op == BinaryOp::modulo && right.holds_secret();
  return left.secret() || right.secret() || formatted ? result.with_secret(true) : result;
}

Outcome<Object> Evaluator::eval(const Concatenation& node) {
  std::string text;
  bool secret = false;
  for (const auto& each : node.parts) {
    KONVOY_TRY(const auto part, defined(*each));
    KONVOY_TRY(const auto written, str_text(part));
    text += written;
    secret = secret || part.holds_secret();
    if (text.size() > largest_text) {
      return Failure(FailureKind::limit, "the joined text is too large");
    }
  }
  return Object(std::move(text)).with_secret(secret);
}

Outcome<Object> Evaluator::eval(const Comparison& node) {
  KONVOY_TRY(auto left, defined(*node.first));
  bool secret = false;
  for (const auto& [op, operand] : node.rest) {
    KONVOY_TRY(auto right, defined(*operand));
    KONVOY_TRY(const bool holds, compare(op, left, right));
    secret = secret || left.holds_secret() || right.holds_secret();
    if (!holds) return Object(false).with_secret(secret);
    left = std::move(right);
  }
  return Object(true).with_secret(secret);
}

Outcome<Object> Evaluator::eval(const Logical& node) {
  KONVOY_TRY(auto left, defined(*node.left));
  if (is_true(left) != node.conjunction) return left;
  KONVOY_TRY(auto right, evaluate(*node.right));
  return left.holds_secret() ? right.with_secret(true) : right;
}

Outcome<Object> Evaluator::eval(const Conditional& node) {
  KONVOY_TRY(const auto condition, defined(*node.condition));
  const bool secret = condition.holds_secret();
  if (is_true(condition)) {
    KONVOY_TRY(auto chosen, evaluate(*node.chosen));
    return secret ? chosen.with_secret(true) : chosen;
  }
  if (node.otherwise) {
    KONVOY_TRY(auto other, evaluate(*node.otherwise));
    return secret ? other.with_secret(true) : other;
  }
  // Ansible writes nothing here, where Jinja2 alone would call it undefined.
  return Object("").with_secret(secret);
}

}  // namespace konvoy::templates
