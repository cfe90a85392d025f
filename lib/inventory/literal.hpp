// The values of an INI inventory: Python literals, or else text.
#pragma once

#include <string_view>

#include "value/value.hpp"

namespace konvoy::inventory {

/// What Ansible makes of a value in an INI inventory (ast.literal_eval): numbers, quoted text,
/// lists, tuples (as lists), dictionaries, True, False and None, with a `#` comment behind it;
/// anything else is text as it stands, so that `true` and `yes` are text. Numbers beyond 64 bits
/// are text here.
[[nodiscard]] value::Value parse_literal(std::string_view text, const value::Origin& origin);

}  // namespace konvoy::inventory
