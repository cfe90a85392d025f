// Assignments in files that a shell reads (/etc/default/grub, /etc/sysconfig/prelink), one a line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace konvoy::boot {

/// `NAME=value` on a line of its own.
struct ShellAssignment {
  std::size_t line = 0;     ///< from 1
  std::size_t begin = 0;    ///< offset of the line
  std::size_t end = 0;      ///< offset behind its last byte, without the newline
  std::string_view indent;  ///< white space, perhaps with "export "
  std::string_view value;   ///< as written, without the quotes around it
  char quote = '\0';        ///< '"', '\'' or none
  std::string_view behind;  ///< what follows on the line: white space, perhaps a comment
};

/// Every assignment to `name` in `text`, in order; the last one counts. The views are into `text`.
/// A value that goes on over several lines, or is glued together of several quoted parts, is an
/// Error of kind input that names `path` and the line.
base::Result<std::vector<ShellAssignment>> find_assignments(std::string_view text,
                                                            std::string_view name,
                                                            std::string_view path);

/// `text` with `name=value` (a word that needs no quotes) in place of every assignment, of one that
/// is commented out, or as a new last line. Lines that say so already stay as they are.
[[nodiscard]] std::string assign_word(std::string_view text, std::string_view name,
                                      std::string_view value);

}  // namespace konvoy::boot
