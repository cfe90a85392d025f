// The tree of a parsed template. Plain structs; the evaluator visits them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "template/builtins.hpp"
#include "template/object.hpp"

namespace konvoy::templates {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct Literal {
  Object value;
};
struct Name {
  std::string name;
};
struct SequenceLiteral {
  std::vector<ExpressionPtr> items;
  bool tuple = false;
};
struct DictLiteral {
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> pairs;
};
/// `object.name`
struct Attribute {
  ExpressionPtr object;
  std::string name;
};
/// `object[index]`
struct Subscript {
  ExpressionPtr object;
  ExpressionPtr index;
};
/// `object[start:stop:step]`; parts that were left out are null.
struct Slice {
  ExpressionPtr object;
  ExpressionPtr start;
  ExpressionPtr stop;
  ExpressionPtr step;
};
struct CallArguments {
  std::vector<ExpressionPtr> positional;
  std::vector<std::pair<std::string, ExpressionPtr>> named;
};
struct Call {
  ExpressionPtr callee;
  CallArguments arguments;
};
/// `input | name(...)`. `filter` is null where the name is unknown in a branch that may not run.
struct FilterUse {
  ExpressionPtr input;
  std::string name;
  const Filter* filter = nullptr;
  CallArguments arguments;
};
/// `input is name(...)`; `is not` is a Unary around it.
struct TestUse {
  ExpressionPtr input;
  std::string name;
  const Test* test = nullptr;
  CallArguments arguments;
};
struct Unary {
  enum class Op { minus, plus, negation };
  Op op = Op::minus;
  ExpressionPtr operand;
};
enum class BinaryOp { add, subtract, multiply, divide, floor_divide, modulo, power };
struct Binary {
  BinaryOp op = BinaryOp::add;
  ExpressionPtr left;
  ExpressionPtr right;
};
/// `a ~ b ~ c`
struct Concatenation {
  std::vector<ExpressionPtr> parts;
};
enum class CompareOp { equal, unequal, less, less_equal, greater, greater_equal, in, not_in };
/// `first < a <= b`: all must hold.
struct Comparison {
  ExpressionPtr first;
  std::vector<std::pair<CompareOp, ExpressionPtr>> rest;
};
struct Logical {
  bool conjunction = true;  ///< `and`; otherwise `or`
  ExpressionPtr left;
  ExpressionPtr right;
};
/// `chosen if condition else otherwise`; `otherwise` is null when there is no `else`.
struct Conditional {
  ExpressionPtr condition;
  ExpressionPtr chosen;
  ExpressionPtr otherwise;
};

struct Expression {
  std::variant<Literal, Name, SequenceLiteral, DictLiteral, Attribute, Subscript, Slice, Call,
               FilterUse, TestUse, Unary, Binary, Concatenation, Comparison, Logical, Conditional>
      node;
  Region region;
};

struct Statement;
using Block = std::vector<Statement>;

struct Data {
  std::string text;
};
struct Print {
  ExpressionPtr expression;
};
struct If {
  struct Branch {
    ExpressionPtr condition;
    Block body;
  };
  std::vector<Branch> branches;
  Block otherwise;
};
/// Where an assignment goes: names (more than one unpack a sequence) or one cell of a namespace.
struct Target {
  std::vector<std::string> names;
  bool unpacks = false;
  std::string attribute;  ///< not empty: names[0].attribute
};
struct For {
  Target target;
  ExpressionPtr iterable;
  ExpressionPtr condition;  ///< null when all items count
  Block body;
  Block otherwise;  ///< runs when there was no item
};
struct Set {
  Target target;
  ExpressionPtr value;  ///< null: `body` is rendered instead
  Block body;
};
struct With {
  std::vector<std::pair<std::string, ExpressionPtr>> values;
  Block body;
};
struct Macro {
  struct Parameter {
    std::string name;
    ExpressionPtr fallback;  ///< null when the argument must be given
  };
  std::string name;
  std::vector<Parameter> parameters;
  Block body;
};
/// `{% filter name %}...{% endfilter %}`: `use.input` is null.
struct FilterBlock {
  FilterUse use;
  Block body;
};

struct Statement {
  std::variant<Data, Print, If, For, Set, With, Macro, FilterBlock> node;
  Region region;
};

}  // namespace konvoy::templates
