// A line as words, as Python's shlex splits it (Ansible's INI hosts, ssh arguments).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace konvoy::inventory {

struct Word {
  std::string text;        ///< without its quotes and escapes
  std::size_t offset = 0;  ///< in bytes, where it starts in the line
  bool operator==(const Word&) const = default;
};

enum class Comments { kept, dropped };

/// White space separates; single quotes keep everything, double quotes all but \" and \\, a
/// backslash outside of quotes the next character. With Comments::dropped a `#` outside of quotes
/// ends the line, also inside a word. Errors (input): an open quote, a backslash at the end.
[[nodiscard]] base::Result<std::vector<Word>> split_shell_words(std::string_view line,
                                                                Comments comments);

}  // namespace konvoy::inventory
