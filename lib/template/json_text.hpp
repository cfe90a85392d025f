// JSON as Python's json.dumps() writes it.
#pragma once

#include <string>

#include "template/object.hpp"

namespace konvoy::templates {

struct JsonStyle {
  int indent = -1;  ///< blanks a level; negative: one line with ", " and ": "
  bool sort_keys = false;
  bool ascii = true;  ///< other characters as \uXXXX
};

[[nodiscard]] Outcome<std::string> json_text(const Object& object, const JsonStyle& style = {});

}  // namespace konvoy::templates
