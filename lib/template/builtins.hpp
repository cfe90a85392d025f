// The filters and tests a template can name. Each family is one file in filters/.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "template/arguments.hpp"
#include "template/object.hpp"

namespace konvoy::templates {

class Evaluator;

struct Filter {
  using Apply = Outcome<Object> (*)(Evaluator&, const Object& input, const Arguments&);
  std::string_view name;
  Apply apply;
  /// Most filters fail on an undefined input or argument before they are called; these look first.
  bool takes_undefined = false;
};

struct Test {
  using Holds = Outcome<bool> (*)(Evaluator&, const Object& input, const Arguments&);
  std::string_view name;
  Holds holds;
  bool takes_undefined = false;
};

/// The filter or test of that name (also as "ansible.builtin.NAME"), or null.
[[nodiscard]] const Filter* find_filter(std::string_view name);
[[nodiscard]] const Test* find_test(std::string_view name);

/// Why there is no such filter or test: unknown (with close names) or known to Ansible and not
/// supported here.
[[nodiscard]] Failure no_filter(std::string_view name);
[[nodiscard]] Failure no_test(std::string_view name);

/// The families; builtins.cpp joins them.
[[nodiscard]] std::span<const Filter> text_filters();
[[nodiscard]] std::span<const Filter> layout_filters();
[[nodiscard]] std::span<const Filter> number_filters();
[[nodiscard]] std::span<const Filter> list_filters();
[[nodiscard]] std::span<const Filter> selection_filters();
[[nodiscard]] std::span<const Filter> set_filters();
[[nodiscard]] std::span<const Filter> dict_filters();
[[nodiscard]] std::span<const Filter> choice_filters();
[[nodiscard]] std::span<const Filter> encoding_filters();
[[nodiscard]] std::span<const Filter> regex_filters();
[[nodiscard]] std::span<const Filter> path_filters();
[[nodiscard]] std::span<const Test> type_tests();
[[nodiscard]] std::span<const Test> comparison_tests();
[[nodiscard]] std::span<const Test> ansible_tests();

}  // namespace konvoy::templates
