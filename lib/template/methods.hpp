// The methods of Python's str, list, tuple, dict and int that change nothing.
#pragma once

#include <string>
#include <string_view>

#include "template/arguments.hpp"

namespace konvoy::templates {

/// Whether objects of this kind have such a method in Python, supported here or not.
[[nodiscard]] bool has_method(const Object& object, std::string_view name);

/// Fails with kind unsupported for a method that Python has and this engine does not.
[[nodiscard]] Outcome<Object> call_method(const Object& self, const std::string& name,
                                          const Arguments& arguments);

/// A method as a table has it.
struct Method {
  using Apply = Outcome<Object> (*)(const Object& self, const Arguments&);
  std::string_view name;
  Apply apply;  ///< null: known to Python, not supported here
};
[[nodiscard]] const Method* find_text_method(std::string_view name);
[[nodiscard]] const Method* find_container_method(const Object& self, std::string_view name);

}  // namespace konvoy::templates
