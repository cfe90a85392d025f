// Expressions, with Jinja2's precedence: `if`, or, and, not, comparisons, + -, ~, * / // %, **,
// signs, then postfix operations, filters and tests.
#pragma once

#include "template/syntax.hpp"
#include "template/token_stream.hpp"

namespace konvoy::templates {

class ExpressionParser {
 public:
  explicit ExpressionParser(TokenStream& tokens) : tokens_(tokens) {}

  /// One expression; `conditional` says whether `a if b` is read as one.
  [[nodiscard]] Outcome<ExpressionPtr> parse(bool conditional = true);
  /// The same, where a comma makes a tuple.
  [[nodiscard]] Outcome<ExpressionPtr> parse_with_commas(bool conditional = true);
  /// `name(arguments)` and further filters after `|`, put to `use`: for filter blocks.
  [[nodiscard]] Outcome<FilterUse> parse_filter(ExpressionPtr input);

  /// Unknown filters and tests are mistakes of the template unless they stand in a branch that may
  /// not run. A caller that reads such a branch marks() before and forgives() after it.
  [[nodiscard]] std::size_t mark() const { return unknown_.size(); }
  void forgive(std::size_t mark);
  /// Fails with the first unknown name that was not forgiven.
  [[nodiscard]] Outcome<void> check_names() const;

 private:
  Outcome<ExpressionPtr> parse_conditional();
  Outcome<ExpressionPtr> parse_or();
  Outcome<ExpressionPtr> parse_and();
  Outcome<ExpressionPtr> parse_not();
  Outcome<ExpressionPtr> parse_comparison();
  Outcome<ExpressionPtr> parse_sum();
  Outcome<ExpressionPtr> parse_concatenation();
  Outcome<ExpressionPtr> parse_product();
  Outcome<ExpressionPtr> parse_power();
  Outcome<ExpressionPtr> parse_unary(bool with_filters);
  Outcome<ExpressionPtr> parse_primary();
  Outcome<ExpressionPtr> parse_name();
  Outcome<ExpressionPtr> parse_string();
  Outcome<ExpressionPtr> parse_number();
  Outcome<ExpressionPtr> parse_list();
  Outcome<ExpressionPtr> parse_dict();
  Outcome<ExpressionPtr> parse_parentheses();
  Outcome<ExpressionPtr> parse_postfix(ExpressionPtr object);
  Outcome<ExpressionPtr> parse_attribute(ExpressionPtr object);
  Outcome<ExpressionPtr> parse_subscript(ExpressionPtr object);
  Outcome<ExpressionPtr> parse_slice(ExpressionPtr object, ExpressionPtr start);
  Outcome<ExpressionPtr> parse_filters_and_tests(ExpressionPtr input);
  Outcome<ExpressionPtr> parse_test(ExpressionPtr input);
  Outcome<CallArguments> parse_arguments();
  Outcome<std::string> parse_dotted_name();
  [[nodiscard]] bool ends_expression() const;

  template <class Node>
  ExpressionPtr make(Region begin, Node node) {
    return std::make_unique<Expression>(Expression{std::move(node), tokens_.since(begin)});
  }

  TokenStream& tokens_;
  std::vector<Failure> unknown_;
  int depth_ = 0;
};

}  // namespace konvoy::templates
