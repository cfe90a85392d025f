#include <fmt/format.h>

#include <algorithm>

#include "template/access.hpp"
#include "template/evaluator.hpp"
#include "template/python_text.hpp"

namespace konvoy::templates {
namespace {

// What a loop's body sees as `loop`.
Object loop_object(const Items& items, std::size_t at) {
  Dict loop;
  const auto number = [&loop](const char* name, std::size_t value) {
    loop.set(name, Object::length(value));
  };
  number("index", at + 1);
  number("index0", at);
  number("revindex", items.size() - at);
  number("revindex0", items.size() - at - 1);
  number("length", items.size());
  number("depth", 1);
  number("depth0", 0);
  loop.set("first", at == 0);
  loop.set("last", at + 1 == items.size());
  if (at > 0) loop.set("previtem", items[at - 1]);
  if (at + 1 < items.size()) loop.set("nextitem", items[at + 1]);
  return {std::move(loop)};
}

}  // namespace

Outcome<Object> Evaluator::run(const Block& block) {
  Output output;
  KONVOY_CHECK(run(block, output));
  if (secret_condition_) output.taint();
  return std::move(output).finish();
}

Outcome<Object> Evaluator::render(const Block& block) {
  Output output;
  KONVOY_CHECK(run(block, output));
  return std::move(output).text();
}

Outcome<void> Evaluator::run(const Block& block, Output& output) {
  for (const auto& statement : block) {
    KONVOY_CHECK(charge(1));
    auto done = std::visit([&](const auto& node) { return exec(node, output); }, statement.node);
    if (!done) return done.error().at(statement.region);
  }
  return {};
}

Outcome<void> Evaluator::exec(const Data& node, Output& output) {
  return output.write(node.text);
}

Outcome<void> Evaluator::exec(const Print& node, Output& output) {
  KONVOY_TRY(auto object, evaluate(*node.expression));
  return output.print(std::move(object));
}

Outcome<void> Evaluator::exec(const If& node, Output& output) {
  for (const auto& branch : node.branches) {
    KONVOY_TRY(const bool holds, truth(*branch.condition));
    if (holds) return run(branch.body, output);
  }
  return run(node.otherwise, output);
}

Outcome<Items> Evaluator::loop_items(const For& node, Output& output) {
  KONVOY_TRY(const auto iterable, defined(*node.iterable));
  if (iterable.secret()) output.taint();
  KONVOY_TRY(auto all, iterate(iterable));
  KONVOY_CHECK(charge(all.size()));
  if (!node.condition) return all;
  Items chosen;
  for (auto& item : all) {
    scopes_.emplace_back();
    auto assigned = assign(node.target, item);
    auto holds = assigned ? truth(*node.condition) : Outcome<bool>(assigned.error());
    scopes_.pop_back();
    KONVOY_TRY(const bool takes, std::move(holds));
    if (takes) chosen.push_back(std::move(item));
  }
  return chosen;
}

Outcome<void> Evaluator::exec(const For& node, Output& output) {
  KONVOY_TRY(const auto items, loop_items(node, output));
  for (std::size_t i = 0; i < items.size(); ++i) {
    scopes_.emplace_back();
    scopes_.back()["loop"] = loop_object(items, i);
    auto done = assign(node.target, items[i]);
    if (done) done = run(node.body, output);
    scopes_.pop_back();
    KONVOY_CHECK(std::move(done));
  }
  return items.empty() ? run(node.otherwise, output) : Outcome<void>();
}

Outcome<void> Evaluator::assign(const Target& target, Object value) {
  if (!target.attribute.empty()) {
    KONVOY_TRY(const auto owner, eval(Name{target.names.front()}));
    const auto* reference = owner.namespace_ref();
    if (reference == nullptr) {
      return misuse(fmt::format("'{}' is no namespace", target.names.front()),
                    "make it with {% set NAME = namespace() %}");
    }
    if (value.namespace_ref() != nullptr) return misuse("a namespace cannot hold a namespace");
    namespaces_[reference->index][target.attribute] = std::move(value);
    return {};
  }
  if (!target.unpacks) {
    scopes_.back()[target.names.front()] = std::move(value);
    return {};
  }
  KONVOY_TRY(auto items, iterate(value));
  if (items.size() != target.names.size()) {
    return misuse(
        fmt::format("{} values cannot go to {} names", items.size(), target.names.size()));
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    scopes_.back()[target.names[i]] = std::move(items[i]);
  }
  return {};
}

Outcome<void> Evaluator::exec(const Set& node, Output&) {
  Object value;
  if (node.value) {
    KONVOY_TRY(value, evaluate(*node.value));
  } else {
    KONVOY_TRY(value, render(node.body));
  }
  return assign(node.target, std::move(value));
}

Outcome<void> Evaluator::exec(const With& node, Output& output) {
  Scope scope;
  for (const auto& [name, expression] : node.values) {
    KONVOY_TRY(scope[name], evaluate(*expression));
  }
  scopes_.push_back(std::move(scope));
  auto done = run(node.body, output);
  scopes_.pop_back();
  return done;
}

Outcome<void> Evaluator::exec(const Macro& node, Output&) {
  scopes_.back()[node.name] = Object(Callable{Callable::What::macro, node.name, nullptr, &node});
  return {};
}

Outcome<void> Evaluator::exec(const FilterBlock& node, Output& output) {
  if (node.use.filter == nullptr) return no_filter(node.use.name);
  KONVOY_TRY(const auto input, render(node.body));
  KONVOY_TRY(const auto given, arguments(node.use.arguments));
  KONVOY_TRY(auto result, apply_filter(*node.use.filter, input, given));
  return output.print(std::move(result));
}

Outcome<Object> Evaluator::call_macro(const Macro& macro, const Arguments& arguments) {
  if (budget_.depth + 10 > Budget::most_depth) {
    return Failure(FailureKind::limit, "macros call each other too deeply");
  }
  Scope scope;
  for (std::size_t i = 0; i < macro.parameters.size(); ++i) {
    const auto& parameter = macro.parameters[i];
    const auto named =
        std::ranges::find(arguments.named, parameter.name, &std::pair<std::string, Object>::first);
    if (i < arguments.positional.size()) {
      scope[parameter.name] = arguments.positional[i];
    } else if (named != arguments.named.end()) {
      scope[parameter.name] = named->second;
    } else if (parameter.fallback) {
      KONVOY_TRY(scope[parameter.name], evaluate(*parameter.fallback));
    } else {
      return misuse(
          fmt::format("the macro '{}' needs the argument '{}'", macro.name, parameter.name));
    }
  }
  if (arguments.positional.size() > macro.parameters.size()) {
    return misuse(fmt::format("the macro '{}' takes at most {} arguments", macro.name,
                              macro.parameters.size()));
  }
  budget_.depth += 10;
  scopes_.push_back(std::move(scope));
  Output output;
  auto done = run(macro.body, output);
  scopes_.pop_back();
  budget_.depth -= 10;
  KONVOY_CHECK(std::move(done));
  return std::move(output).finish();
}

const Object* Evaluator::namespace_cell(NamespaceRef reference, const std::string& name) const {
  const auto& cells = namespaces_[reference.index];
  const auto found = cells.find(name);
  return found == cells.end() ? nullptr : &found->second;
}

Object Evaluator::make_namespace(const Arguments& arguments) {
  Scope cells;
  for (const auto& [name, value] : arguments.named) cells[name] = value;
  namespaces_.push_back(std::move(cells));
  return {NamespaceRef{namespaces_.size() - 1}};
}

}  // namespace konvoy::templates
