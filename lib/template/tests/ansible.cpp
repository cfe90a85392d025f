// Tests that Ansible adds: results of tasks, regular expressions, versions.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "template/builtins.hpp"
#include "template/python_text.hpp"
#include "template/regex.hpp"
#include "template/version_order.hpp"

namespace konvoy::templates {
namespace {

using Answer = Outcome<bool>;

Outcome<const Dict*> result_of(const Object& input) {
  if (const auto* dict = input.dict()) return dict;
  return misuse(fmt::format("needs the result of a task, not {}", input.type_name()));
}

bool flag(const Dict& result, std::string_view name) {
  const auto* value = result.find_text(name);
  return value != nullptr && is_true(*value);
}

Answer failed(Evaluator&, const Object& input, const Arguments&) {
  KONVOY_TRY(const auto* result, result_of(input));
  return flag(*result, "failed");
}

Answer succeeded(Evaluator&, const Object& input, const Arguments&) {
  KONVOY_TRY(const auto* result, result_of(input));
  return !flag(*result, "failed");
}

Answer skipped(Evaluator&, const Object& input, const Arguments&) {
  KONVOY_TRY(const auto* result, result_of(input));
  return flag(*result, "skipped");
}

// A loop's result has changed when one of its rounds has.
Answer changed(Evaluator&, const Object& input, const Arguments&) {
  KONVOY_TRY(const auto* result, result_of(input));
  if (result->find_text("changed") != nullptr) return flag(*result, "changed");
  const auto* rounds = result->find_text("results");
  if (rounds == nullptr || rounds->list() == nullptr) return false;
  return std::ranges::any_of(*rounds->list(), [](const Object& round) {
    return round.dict() != nullptr && flag(*round.dict(), "changed");
  });
}

enum class Where { start, anywhere };

Answer matches(const Object& input, const std::string& pattern, RegexFlags flags, Where where) {
  KONVOY_TRY(const auto text, str_text(input));
  KONVOY_TRY(const auto regex, Regex::compile(pattern, flags));
  KONVOY_TRY(const auto match,
             where == Where::start ? regex.match_start(text) : regex.search(text));
  return match.has_value();
}

template <Where where>
Answer match(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"pattern", "ignorecase", "multiline"}));
  KONVOY_TRY(const auto pattern, bound.text(0, ""));
  return matches(input, pattern, {bound.truth(1, false), bound.truth(2, false)}, where);
}

Answer regex(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound,
             bind(arguments, {"pattern", "ignorecase", "multiline", "match_type"}));
  KONVOY_TRY(const auto pattern, bound.text(0, ""));
  KONVOY_TRY(const auto type, bound.text(3, "search"));
  if (type == "fullmatch") {
    return matches(input, "(?:" + pattern + ")\\Z", {bound.truth(1, false), bound.truth(2, false)},
                   Where::start);
  }
  return matches(input, pattern, {bound.truth(1, false), bound.truth(2, false)},
                 type == "match" ? Where::start : Where::anywhere);
}

Outcome<VersionScheme> scheme_of(const Bound& bound) {
  if (bound.has(2) && bound.has(3)) return misuse("'strict' and 'version_type' exclude each other");
  if (bound.truth(2, false)) return VersionScheme::strict;
  KONVOY_TRY(const auto type, bound.has(3) ? bound.text(3, "") : Outcome<std::string>("loose"));
  if (type == "loose") return VersionScheme::loose;
  if (type == "strict") return VersionScheme::strict;
  if (type == "semver" || type == "semantic") return VersionScheme::semantic;
  return misuse(fmt::format("does not know the version type '{}'", type),
                "the types are: loose, strict, semver");
}

Answer version(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound,
             bind(arguments, {"version", "operator", "strict", "version_type"}, 1));
  KONVOY_TRY(const auto op, bound.text(1, "eq"));
  KONVOY_TRY(const auto scheme, scheme_of(bound));
  KONVOY_TRY(const auto left, str_text(input));
  KONVOY_TRY(const auto right, str_text(*bound.find(0)));
  if (!is_true(input) || !is_true(*bound.find(0))) return misuse("a version is empty");
  KONVOY_TRY(const int order, order_versions(left, right, scheme));
  const auto is_one_of = [&op](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, op) != names.end();
  };
  if (is_one_of({"==", "=", "eq"})) return order == 0;
  if (is_one_of({"<", "lt"})) return order < 0;
  if (is_one_of({"<=", "le"})) return order <= 0;
  if (is_one_of({">", "gt"})) return order > 0;
  if (is_one_of({">=", "ge"})) return order >= 0;
  if (is_one_of({"!=", "<>", "ne"})) return order != 0;
  return misuse(fmt::format("does not know the operator '{}'", op),
                "the operators are: ==, !=, <, <=, >, >=");
}

constexpr std::array tests = {
    Test{"failed", failed},
    Test{"failure", failed},
    Test{"success", succeeded},
    Test{"succeeded", succeeded},
    Test{"successful", succeeded},
    Test{"changed", changed},
    Test{"change", changed},
    Test{"skipped", skipped},
    Test{"skip", skipped},
    Test{"match", match<Where::start>},
    Test{"search", match<Where::anywhere>},
    Test{"regex", regex},
    Test{"version", version},
    Test{"version_compare", version},
};

}  // namespace

std::span<const Test> ansible_tests() {
  return tests;
}

}  // namespace konvoy::templates
