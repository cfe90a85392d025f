// The functions a template can call by name.
#pragma once

#include <string>
#include <string_view>

#include "template/evaluator.hpp"

namespace konvoy::templates {

/// Whether Jinja2 or Ansible has a global function of that name, supported here or not.
[[nodiscard]] bool is_function(std::string_view name);

/// Fails with kind unsupported for a function, or a lookup, that is not supported here.
[[nodiscard]] Outcome<Object> call_function(Evaluator& evaluator, std::string_view name,
                                            const Arguments& arguments);

}  // namespace konvoy::templates
