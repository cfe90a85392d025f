// Runs the tree of one template.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "template/output.hpp"
#include "template/syntax.hpp"

namespace konvoy::templates {

/// Where the names of a template come from.
class Names {
 public:
  virtual ~Names() = default;
  /// The object under `name`, or nothing. A variable that is there but needs something undefined
  /// is an undefined object. Fails when the variable's own template does.
  [[nodiscard]] virtual Outcome<std::optional<Object>> find(std::string_view name) = 0;
  /// The value of an environment variable, empty when it is not set.
  [[nodiscard]] virtual std::string environment(const std::string& name) = 0;
  /// `text` rendered with the same names: what Ansible does with the arguments of a lookup.
  [[nodiscard]] virtual Outcome<Object> render_text(const Object& text) = 0;
};

/// What one evaluation may use, shared by all templates it reaches.
struct Budget {
  /// Expressions and statements; a template that needs more is a mistake or an attack.
  static constexpr std::uint64_t most_steps = 2'000'000;
  /// Expressions inside each other, through all variables.
  static constexpr std::uint32_t most_depth = 600;
  /// Items of one list.
  static constexpr std::size_t most_items = 100'000;
  /// Containers inside each other.
  static constexpr std::size_t most_nesting = 100;

  std::uint64_t steps = 0;
  std::uint32_t depth = 0;

  [[nodiscard]] Outcome<void> charge(std::uint64_t more);
};

class Evaluator {
 public:
  Evaluator(Names& names, Budget& budget) : names_(names), budget_(budget), scopes_(1) {}

  /// Everything `block` writes, read as a literal where it looks like one.
  [[nodiscard]] Outcome<Object> run(const Block& block);
  [[nodiscard]] Outcome<Object> evaluate(const Expression& expression);

  [[nodiscard]] Names& names() { return names_; }
  [[nodiscard]] Outcome<void> charge(std::uint64_t more) { return budget_.charge(more); }
  /// The item `name` of a namespace object; null when it has none.
  [[nodiscard]] const Object* namespace_cell(NamespaceRef reference, const std::string& name) const;
  [[nodiscard]] Object make_namespace(const Arguments& arguments);
  /// Calls a filter or test by the name in a value, as map('upper') does.
  [[nodiscard]] Outcome<Object> apply_filter(const Filter& filter, const Object& input,
                                             const Arguments& arguments);
  [[nodiscard]] Outcome<bool> apply_test(const Test& test, const Object& input,
                                         const Arguments& arguments);

 private:
  using Scope = std::map<std::string, Object, std::less<>>;

  Outcome<Object> eval(const Literal& node);
  Outcome<Object> eval(const Name& node);
  Outcome<Object> eval(const SequenceLiteral& node);
  Outcome<Object> eval(const DictLiteral& node);
  Outcome<Object> eval(const Attribute& node);
  Outcome<Object> eval(const Subscript& node);
  Outcome<Object> eval(const Slice& node);
  Outcome<Object> eval(const Call& node);
  Outcome<Object> eval(const FilterUse& node);
  Outcome<Object> eval(const TestUse& node);
  Outcome<Object> eval(const Unary& node);
  Outcome<Object> eval(const Binary& node);
  Outcome<Object> eval(const Concatenation& node);
  Outcome<Object> eval(const Comparison& node);
  Outcome<Object> eval(const Logical& node);
  Outcome<Object> eval(const Conditional& node);
  Outcome<Object> call(const Callable& callable, const Arguments& arguments);
  Outcome<Object> call_macro(const Macro& macro, const Arguments& arguments);
  /// An operand that must not be undefined.
  Outcome<Object> defined(const Expression& expression);
  Outcome<bool> truth(const Expression& expression);
  Outcome<std::optional<Object>> optional(const ExpressionPtr& expression);
  Outcome<Arguments> arguments(const CallArguments& given);

  Outcome<void> run(const Block& block, Output& output);
  Outcome<void> exec(const Data& node, Output& output);
  Outcome<void> exec(const Print& node, Output& output);
  Outcome<void> exec(const If& node, Output& output);
  Outcome<void> exec(const For& node, Output& output);
  Outcome<void> exec(const Set& node, Output& output);
  Outcome<void> exec(const With& node, Output& output);
  Outcome<void> exec(const Macro& node, Output& output);
  Outcome<void> exec(const FilterBlock& node, Output& output);
  Outcome<Items> loop_items(const For& node, Output& output);
  Outcome<void> assign(const Target& target, Object value);
  Outcome<Object> render(const Block& block);

  Names& names_;
  Budget& budget_;
  std::vector<Scope> scopes_;
  std::vector<Scope> namespaces_;
  bool secret_condition_ = false;  // a branch was chosen by a secret
};

}  // namespace konvoy::templates
