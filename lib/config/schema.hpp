// The variables that konvoy-image knows: one table for checks, suggestions, editors and the manual.
#pragma once

#include <span>
#include <string_view>

#include "value/value.hpp"

namespace konvoy::config {

/// What a variable holds. A template in text is accepted for every type; null always is.
enum class Type {
  any,
  text,     ///< also a whole number, which users write without quotes
  boolean,  ///< also the words of YAML 1.1 as text, "true", "yes", ...
  integer,  ///< also digits as text
  list,
  map,       ///< its keys are in the table
  open_map,  ///< its keys are the user's own
};

/// "text", "boolean", ...: the words messages and the manual use.
[[nodiscard]] std::string_view name_of(Type type);

/// One known variable. Its default is what images/common.yaml sets.
struct Variable {
  std::string_view path;  ///< "fips.enabled"
  Type type = Type::text;
  std::string_view meaning;  ///< one sentence for people, without a full stop
  std::string_view since;    ///< the first konvoy-image-builder that has it; "konvoy-image": ours
  bool secret = false;
};

/// All of them, ordered by path.
[[nodiscard]] std::span<const Variable> variables();

/// Null when the table does not have `path`.
[[nodiscard]] const Variable* find_variable(std::string_view path);

/// Whether `value` may stand for a variable of this type.
[[nodiscard]] bool fits(Type type, const value::Value& value);

/// Whether `text` holds a template expression or statement.
[[nodiscard]] bool is_template(std::string_view text);

}  // namespace konvoy::config
