// Text that looks like a Python (or JSON) list, map or boolean becomes one: what Ansible does with
// the result of a template.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "template/object.hpp"

namespace konvoy::templates {

/// ast.literal_eval() where JSON's true, false and null count as well. Nothing when `text` is not a
/// literal (or holds a kind a configuration cannot have: a set, bytes, a complex number).
[[nodiscard]] std::optional<Object> parse_literal(std::string_view text);

/// `text` as Ansible reads a template's result: a literal when it starts with '{' or '[', or is
/// 'True' or 'False'; otherwise the text itself.
[[nodiscard]] Object literal_or_text(std::string text);

/// The content of a string literal without its quotes: \n, \x41, \u2603, \N is left alone; an
/// unknown escape stays as it is.
[[nodiscard]] std::string unescape(std::string_view text);

}  // namespace konvoy::templates
