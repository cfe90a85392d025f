#include "template/expression_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "template/python_text.hpp"

namespace konvoy::templates {
namespace {

// Python's own parser gives up at about this nesting; each level needs stack here.
constexpr int deepest = 100;

struct Nesting {
  explicit Nesting(int& depth) : depth_(depth) { ++depth_; }
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  int& depth_;
};

template <class Op>
struct Spelling {
  std::string_view text;
  Op op;
};

template <class Op, std::size_t N>
const Spelling<Op>* spelled(const Token& token, const std::array<Spelling<Op>, N>& all) {
  const auto found =
      std::ranges::find_if(all, [&token](const auto& each) { return token.is_op(each.text); });
  return found == all.end() ? nullptr : &*found;
}

constexpr std::array<Spelling<CompareOp>, 6> comparisons = {{{"==", CompareOp::equal},
                                                             {"!=", CompareOp::unequal},
                                                             {"<", CompareOp::less},
                                                             {"<=", CompareOp::less_equal},
                                                             {">", CompareOp::greater},
                                                             {">=", CompareOp::greater_equal}}};
constexpr std::array<Spelling<BinaryOp>, 2> sums = {
    {{"+", BinaryOp::add}, {"-", BinaryOp::subtract}}};
constexpr std::array<Spelling<BinaryOp>, 4> products = {{{"*", BinaryOp::multiply},
                                                         {"/", BinaryOp::divide},
                                                         {"//", BinaryOp::floor_divide},
                                                         {"%", BinaryOp::modulo}}};

}  // namespace

Outcome<ExpressionPtr> ExpressionParser::parse(bool conditional) {
  const Nesting nesting(depth_);
  if (depth_ > deepest) {
    return Failure(FailureKind::limit, "this expression is nested too deeply")
        .at(tokens_.current().region);
  }
  return conditional ? parse_conditional() : parse_or();
}

bool ExpressionParser::ends_expression() const {
  const auto& token = tokens_.current();
  return token.kind == TokenKind::variable_end || token.kind == TokenKind::block_end ||
         token.kind == TokenKind::end || token.is_op(")") || token.is_op("=") ||
         token.is_name("in") || token.is_name("recursive");
}

Outcome<ExpressionPtr> ExpressionParser::parse_with_commas(bool conditional) {
  const auto begin = tokens_.current().region;
  KONVOY_TRY(auto first, parse(conditional));
  if (!tokens_.current().is_op(",")) return first;
  SequenceLiteral tuple{.items = {}, .tuple = true};
  tuple.items.push_back(std::move(first));
  while (tokens_.skip_op(",") && !ends_expression()) {
    KONVOY_TRY(auto item, parse(conditional));
    tuple.items.push_back(std::move(item));
  }
  return make(begin, std::move(tuple));
}

Outcome<ExpressionPtr> ExpressionParser::parse_conditional() {
  const auto begin = tokens_.current().region;
  const auto before = mark();
  KONVOY_TRY(auto expression, parse_or());
  while (tokens_.skip_name("if")) {
    forgive(before);
    KONVOY_TRY(auto condition, parse_or());
    ExpressionPtr otherwise;
    if (tokens_.skip_name("else")) {
      const auto branch = mark();
      KONVOY_TRY(otherwise, parse());
      forgive(branch);
    }
    expression =
        make(begin, Conditional{std::move(condition), std::move(expression), std::move(otherwise)});
  }
  return expression;
}

void ExpressionParser::forgive(std::size_t mark) {
  unknown_.erase(unknown_.begin() + static_cast<std::ptrdiff_t>(mark), unknown_.end());
}

Outcome<void> ExpressionParser::check_names() const {
  if (!unknown_.empty()) return unknown_.front();
  return {};
}

Outcome<ExpressionPtr> ExpressionParser::parse_or() {
  const auto begin = tokens_.current().region;
  KONVOY_TRY(auto left, parse_and());
  while (tokens_.skip_name("or")) {
    KONVOY_TRY(auto right, parse_and());
    left = make(begin, Logical{false, std::move(left), std::move(right)});
  }
  return left;
}

Outcome<ExpressionPtr> ExpressionParser::parse_and() {
  const auto begin = tokens_.current().region;
  KONVOY_TRY(auto left, parse_not());
  while (tokens_.skip_name("and")) {
    KONVOY_TRY(auto right, parse_not());
    left = make(begin, Logical{true, std::move(left), std::move(right)});
  }
  return left;
}

Outcome<ExpressionPtr> ExpressionParser::parse_not() {
  const Nesting nesting(depth_);
  const auto begin = tokens_.current().region;
  if (!tokens_.current().is_name("not")) return parse_comparison();
  if (depth_ > deepest) {
    return Failure(FailureKind::limit, "this expression is nested too deeply").at(begin);
  }
  tokens_.next();
  KONVOY_TRY(auto operand, parse_not());
  return make(begin, Unary{Unary::Op::negation, std::move(operand)});
}

Outcome<ExpressionPtr> ExpressionParser::parse_comparison() {
  const auto begin = tokens_.current().region;
  KONVOY_TRY(auto first, parse_sum());
  Comparison comparison;
  while (true) {
    auto op = CompareOp::in;
    if (const auto* found = spelled(tokens_.current(), comparisons)) {
      op = found->op;
    } else if (tokens_.current().is_name("not") && tokens_.ahead().is_name("in")) {
      op = CompareOp::not_in;
      tokens_.next();
    } else if (!tokens_.current().is_name("in")) {
      break;
    }
    tokens_.next();
    KONVOY_TRY(auto operand, parse_sum());
    comparison.rest.emplace_back(op, std::move(operand));
  }
  if (comparison.rest.empty()) return first;
  comparison.first = std::move(first);
  return make(begin, std::move(comparison));
}

Outcome<ExpressionPtr> ExpressionParser::parse_sum() {
  const auto begin = tokens_.current().region;
  KONVOY_TRY(auto left, parse_concatenation());
  while (const auto* found = spelled(tokens_.current(), sums)) {
    tokens_.next();
    KONVOY_TRY(auto right, parse_concatenation());
    left = make(begin, Binary{found->op, std::move(left), std::move(right)});
  }
  return left;
}

Outcome<ExpressionPtr> ExpressionParser::parse_concatenation() {
  const auto begin = tokens_.current().region;
  KONVOY_TRY(auto first, parse_product());
  if (!tokens_.current().is_op("~")) return first;
  Concatenation all;
  all.parts.push_back(std::move(first));
  while (tokens_.skip_op("~")) {
    KONVOY_TRY(auto part, parse_product());
    all.parts.push_back(std::move(part));
  }
  return make(begin, std::move(all));
}

Outcome<ExpressionPtr> ExpressionParser::parse_product() {
  const auto begin = tokens_.current().region;
  KONVOY_TRY(auto left, parse_power());
  while (const auto* found = spelled(tokens_.current(), products)) {
    tokens_.next();
    KONVOY_TRY(auto right, parse_power());
    left = make(begin, Binary{found->op, std::move(left), std::move(right)});
  }
  return left;
}

Outcome<ExpressionPtr> ExpressionParser::parse_power() {
  const auto begin = tokens_.current().region;
  KONVOY_TRY(auto left, parse_unary(true));
  while (tokens_.skip_op("**")) {
    KONVOY_TRY(auto right, parse_unary(true));
    left = make(begin, Binary{BinaryOp::power, std::move(left), std::move(right)});
  }
  return left;
}

Outcome<ExpressionPtr> ExpressionParser::parse_unary(bool with_filters) {
  const Nesting nesting(depth_);
  const auto begin = tokens_.current().region;
  if (depth_ > deepest) {
    return Failure(FailureKind::limit, "this expression is nested too deeply").at(begin);
  }
  ExpressionPtr expression;
  if (tokens_.current().is_op("-") || tokens_.current().is_op("+")) {
    const auto op = tokens_.next().text == "-" ? Unary::Op::minus : Unary::Op::plus;
    KONVOY_TRY(auto operand, parse_unary(false));
    expression = make(begin, Unary{op, std::move(operand)});
  } else {
    KONVOY_TRY(expression, parse_primary());
  }
  KONVOY_TRY(expression, parse_postfix(std::move(expression)));
  return with_filters ? parse_filters_and_tests(std::move(expression))
                      : Outcome<ExpressionPtr>(std::move(expression));
}

Outcome<ExpressionPtr> ExpressionParser::parse_primary() {
  const auto& token = tokens_.current();
  switch (token.kind) {
    case TokenKind::name: return parse_name();
    case TokenKind::string: return parse_string();
    case TokenKind::integer:
    case TokenKind::floating: return parse_number();
    default: break;
  }
  if (token.is_op("(")) return parse_parentheses();
  if (token.is_op("[")) return parse_list();
  if (token.is_op("{")) return parse_dict();
  return tokens_.unexpected("an expression");
}

Outcome<ExpressionPtr> ExpressionParser::parse_name() {
  const auto& token = tokens_.next();
  const auto begin = token.region;
  if (token.text == "true" || token.text == "True") return make(begin, Literal{true});
  if (token.text == "false" || token.text == "False") return make(begin, Literal{false});
  if (token.text == "none" || token.text == "None") return make(begin, Literal{});
  return make(begin, Name{token.text});
}

Outcome<ExpressionPtr> ExpressionParser::parse_string() {
  const auto begin = tokens_.current().region;
  std::string text;
  while (tokens_.current().kind == TokenKind::string) text += tokens_.next().text;
  return make(begin, Literal{Object(std::move(text))});
}

Outcome<ExpressionPtr> ExpressionParser::parse_number() {
  const auto token = tokens_.next();
  if (token.kind == TokenKind::integer) {
    if (auto integer = parse_integer(token.text, 0)) {
      return make(token.region, Literal{std::move(*integer)});
    }
  } else if (const auto number = parse_float(token.text)) {
    return make(token.region, Literal{Object(*number)});
  }
  return Failure(FailureKind::syntax, fmt::format("'{}' is no number", token.text))
      .at(token.region);
}

Outcome<ExpressionPtr> ExpressionParser::parse_list() {
  const auto begin = tokens_.next().region;
  SequenceLiteral list;
  while (!tokens_.skip_op("]")) {
    if (!list.items.empty()) {
      KONVOY_CHECK(tokens_.expect_op(","));
      if (tokens_.skip_op("]")) break;
    }
    KONVOY_TRY(auto item, parse());
    list.items.push_back(std::move(item));
  }
  return make(begin, std::move(list));
}

Outcome<ExpressionPtr> ExpressionParser::parse_dict() {
  const auto begin = tokens_.next().region;
  DictLiteral dict;
  while (!tokens_.skip_op("}")) {
    if (!dict.pairs.empty()) {
      KONVOY_CHECK(tokens_.expect_op(","));
      if (tokens_.skip_op("}")) break;
    }
    KONVOY_TRY(auto key, parse());
    KONVOY_CHECK(tokens_.expect_op(":"));
    KONVOY_TRY(auto value, parse());
    dict.pairs.emplace_back(std::move(key), std::move(value));
  }
  return make(begin, std::move(dict));
}

Outcome<ExpressionPtr> ExpressionParser::parse_parentheses() {
  const auto begin = tokens_.next().region;
  if (tokens_.skip_op(")")) return make(begin, SequenceLiteral{.items = {}, .tuple = true});
  KONVOY_TRY(auto inside, parse_with_commas());
  KONVOY_CHECK(tokens_.expect_op(")"));
  inside->region = tokens_.since(begin);
  return inside;
}

Outcome<ExpressionPtr> ExpressionParser::parse_postfix(ExpressionPtr object) {
  const auto begin = object->region;
  for (int links = 0;; ++links) {
    if (links > deepest) {
      return Failure(FailureKind::limit, "this chain of accesses is too long").at(begin);
    }
    if (tokens_.skip_op(".")) {
      KONVOY_TRY(object, parse_attribute(std::move(object)));
    } else if (tokens_.skip_op("[")) {
      KONVOY_TRY(object, parse_subscript(std::move(object)));
    } else if (tokens_.current().is_op("(")) {
      KONVOY_TRY(auto arguments, parse_arguments());
      object = make(begin, Call{std::move(object), std::move(arguments)});
    } else {
      return object;
    }
  }
}

Outcome<ExpressionPtr> ExpressionParser::parse_attribute(ExpressionPtr object) {
  const auto begin = object->region;
  if (tokens_.current().kind == TokenKind::integer) {
    KONVOY_TRY(auto index, parse_number());
    return make(begin, Subscript{std::move(object), std::move(index)});
  }
  if (tokens_.current().kind != TokenKind::name) return tokens_.unexpected("a name or a number");
  auto name = tokens_.next().text;
  return make(begin, Attribute{std::move(object), std::move(name)});
}

Outcome<ExpressionPtr> ExpressionParser::parse_subscript(ExpressionPtr object) {
  const auto begin = object->region;
  ExpressionPtr index;
  if (!tokens_.current().is_op(":")) {
    KONVOY_TRY(index, parse());
  }
  if (tokens_.current().is_op(":")) return parse_slice(std::move(object), std::move(index));
  if (tokens_.current().is_op(",")) {
    return Failure(FailureKind::unsupported, "an index of several parts is not supported")
        .at(tokens_.current().region);
  }
  KONVOY_CHECK(tokens_.expect_op("]"));
  return make(begin, Subscript{std::move(object), std::move(index)});
}

Outcome<ExpressionPtr> ExpressionParser::parse_slice(ExpressionPtr object, ExpressionPtr start) {
  const auto begin = object->region;
  Slice slice{std::move(object), std::move(start), {}, {}};
  tokens_.next();
  if (!tokens_.current().is_op(":") && !tokens_.current().is_op("]")) {
    KONVOY_TRY(slice.stop, parse());
  }
  if (tokens_.skip_op(":") && !tokens_.current().is_op("]")) {
    KONVOY_TRY(slice.step, parse());
  }
  KONVOY_CHECK(tokens_.expect_op("]"));
  return make(begin, std::move(slice));
}

Outcome<ExpressionPtr> ExpressionParser::parse_filters_and_tests(ExpressionPtr input) {
  const auto begin = input->region;
  for (int links = 0;; ++links) {
    if (links > deepest) {
      return Failure(FailureKind::limit, "this chain of filters is too long").at(begin);
    }
    if (tokens_.skip_op("|")) {
      KONVOY_TRY(auto use, parse_filter(std::move(input)));
      input = make(begin, std::move(use));
    } else if (tokens_.skip_name("is")) {
      KONVOY_TRY(input, parse_test(std::move(input)));
    } else if (tokens_.current().is_op("(")) {
      KONVOY_TRY(auto arguments, parse_arguments());
      input = make(begin, Call{std::move(input), std::move(arguments)});
    } else {
      return input;
    }
  }
}

Outcome<std::string> ExpressionParser::parse_dotted_name() {
  KONVOY_TRY(auto name, tokens_.expect_name());
  while (tokens_.skip_op(".")) {
    KONVOY_TRY(const auto part, tokens_.expect_name());
    name += "." + part;
  }
  return name;
}

Outcome<FilterUse> ExpressionParser::parse_filter(ExpressionPtr input) {
  const auto begin = tokens_.current().region;
  FilterUse use{std::move(input), {}, nullptr, {}};
  KONVOY_TRY(use.name, parse_dotted_name());
  use.filter = find_filter(use.name);
  if (use.filter == nullptr) unknown_.push_back(no_filter(use.name).at(tokens_.since(begin)));
  if (tokens_.current().is_op("(")) {
    KONVOY_TRY(use.arguments, parse_arguments());
  }
  return use;
}

Outcome<ExpressionPtr> ExpressionParser::parse_test(ExpressionPtr input) {
  const auto begin = input->region;
  const bool negated = tokens_.skip_name("not");
  const auto at = tokens_.current().region;
  TestUse use{std::move(input), {}, nullptr, {}};
  KONVOY_TRY(use.name, parse_dotted_name());
  use.test = find_test(use.name);
  if (use.test == nullptr) unknown_.push_back(no_test(use.name).at(tokens_.since(at)));
  const auto& token = tokens_.current();
  const bool value_follows =
      token.kind == TokenKind::string || token.kind == TokenKind::integer ||
      token.kind == TokenKind::floating || token.is_op("[") || token.is_op("{") ||
      (token.kind == TokenKind::name && !token.is_name("else") && !token.is_name("or") &&
       !token.is_name("and") && !token.is_name("if") && !token.is_name("in") &&
       !token.is_name("not"));
  if (token.is_op("(")) {
    KONVOY_TRY(use.arguments, parse_arguments());
  } else if (value_follows) {
    if (token.is_name("is")) {
      return Failure(FailureKind::syntax, "a test cannot follow a test").at(token.region);
    }
    KONVOY_TRY(auto argument, parse_primary());
    KONVOY_TRY(argument, parse_postfix(std::move(argument)));
    use.arguments.positional.push_back(std::move(argument));
  }
  auto expression = make(begin, std::move(use));
  if (!negated) return expression;
  return make(begin, Unary{Unary::Op::negation, std::move(expression)});
}

Outcome<CallArguments> ExpressionParser::parse_arguments() {
  KONVOY_CHECK(tokens_.expect_op("("));
  CallArguments arguments;
  bool first = true;
  while (!tokens_.skip_op(")")) {
    if (!first) {
      KONVOY_CHECK(tokens_.expect_op(","));
      if (tokens_.skip_op(")")) break;
    }
    first = false;
    const auto at = tokens_.current().region;
    if (tokens_.current().is_op("*") || tokens_.current().is_op("**")) {
      return Failure(FailureKind::unsupported,
                     fmt::format("'{}' arguments are not supported", tokens_.current().text))
          .at(at);
    }
    if (tokens_.current().kind == TokenKind::name && tokens_.ahead().is_op("=")) {
      auto name = tokens_.next().text;
      tokens_.next();
      KONVOY_TRY(auto value, parse());
      arguments.named.emplace_back(std::move(name), std::move(value));
      continue;
    }
    if (!arguments.named.empty()) {
      return Failure(FailureKind::syntax, "an argument without a name follows one with a name")
          .at(at);
    }
    KONVOY_TRY(auto value, parse());
    arguments.positional.push_back(std::move(value));
  }
  return arguments;
}

}  // namespace konvoy::templates
