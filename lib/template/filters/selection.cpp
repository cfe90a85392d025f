// Filters that run another filter or test over the items of a list.
#include <fmt/format.h>

#include <array>

#include "template/access.hpp"
#include "template/builtins.hpp"
#include "template/selection.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

Outcome<std::string> first_name(const Arguments& arguments, std::string_view what) {
  if (arguments.positional.empty() || arguments.positional.front().text() == nullptr) {
    return misuse(fmt::format("needs the name of a {}", what));
  }
  return *arguments.positional.front().text();
}

Outcome<const Test*> test_of(const Arguments& arguments) {
  KONVOY_TRY(const auto name, first_name(arguments, "test"));
  if (const auto* test = find_test(name)) return test;
  return no_test(name);
}

Result map_attribute(const Items& items, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"attribute", "default"}, 1));
  Items out;
  for (const auto& item : items) {
    KONVOY_TRY(auto part, part_of(item, *bound.find(0)));
    const bool missing = part.undefined() != nullptr && bound.find(1) != nullptr;
    out.push_back(missing ? *bound.find(1) : std::move(part));
  }
  return Object::list(std::move(out));
}

Result map(Evaluator& evaluator, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto items, iterate(input));
  if (arguments.positional.empty()) return map_attribute(items, arguments);
  KONVOY_TRY(const auto name, first_name(arguments, "filter"));
  const auto* filter = find_filter(name);
  if (filter == nullptr) return no_filter(name);
  const auto rest = arguments.rest();
  Items out;
  for (const auto& item : items) {
    KONVOY_TRY(auto mapped, evaluator.apply_filter(*filter, item, rest));
    out.push_back(std::move(mapped));
  }
  return Object::list(std::move(out));
}

template <bool wanted>
Result select(Evaluator& evaluator, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto items, iterate(input));
  const Test* test = nullptr;
  if (!arguments.empty()) {
    KONVOY_TRY(test, test_of(arguments));
  }
  const auto rest = arguments.rest();
  Items out;
  for (const auto& item : items) {
    bool holds = false;
    if (test != nullptr) {
      KONVOY_TRY(holds, evaluator.apply_test(*test, item, rest));
    } else {
      if (const auto* missing = item.undefined()) return missing->failure;
      holds = is_true(item);
    }
    if (holds == wanted) out.push_back(item);
  }
  return Object::list(std::move(out));
}

template <bool wanted>
Result select_attribute(Evaluator& evaluator, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto items, iterate(input));
  if (arguments.positional.empty()) return misuse("needs the name of an attribute");
  const auto& attribute = arguments.positional.front();
  const auto after_attribute = arguments.rest();
  const Test* test = nullptr;
  if (!after_attribute.positional.empty()) {
    KONVOY_TRY(test, test_of(after_attribute));
  }
  const auto rest = after_attribute.rest();
  Items out;
  for (const auto& item : items) {
    KONVOY_TRY(const auto part, part_of(item, attribute));
    bool holds = false;
    if (test != nullptr) {
      KONVOY_TRY(holds, evaluator.apply_test(*test, part, rest));
    } else {
      if (const auto* missing = part.undefined()) return missing->failure;
      holds = is_true(part);
    }
    if (holds == wanted) out.push_back(item);
  }
  return Object::list(std::move(out));
}

Result groupby(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"attribute", "default", "case_sensitive"}, 1));
  KONVOY_TRY(const auto items, iterate(input));
  Items filled;
  std::vector<Object> keys;
  for (const auto& item : items) {
    KONVOY_TRY(auto key, part_of(item, *bound.find(0)));
    if (key.undefined() != nullptr && bound.find(1) != nullptr) key = *bound.find(1);
    if (const auto* missing = key.undefined()) return missing->failure;
    keys.push_back(bound.truth(2, false) ? key : without_case(key));
    filled.push_back(Object::tuple({std::move(key), item}));
  }
  KONVOY_TRY(const auto sorted, sort_by(std::move(filled), keys, false));
  Items groups;
  Items members;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto& pair = *sorted[i].tuple();
    members.push_back(pair[1]);
    const auto same = [&](const Object& other) {
      return bound.truth(2, false) ? equals(pair[0], other)
                                   : equals(without_case(pair[0]), without_case(other));
    };
    if (i + 1 < sorted.size() && same((*sorted[i + 1].tuple())[0])) continue;
    groups.push_back(Object::tuple({pair[0], Object::list(std::exchange(members, {}))}));
  }
  return Object::list(std::move(groups));
}

constexpr std::array filters = {
    Filter{"map", map},
    Filter{"select", select<true>},
    Filter{"reject", select<false>},
    Filter{"selectattr", select_attribute<true>},
    Filter{"rejectattr", select_attribute<false>},
    Filter{"groupby", groupby},
};

}  // namespace

std::span<const Filter> selection_filters() {
  return filters;
}

}  // namespace konvoy::templates
