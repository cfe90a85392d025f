// Any bytes as one line of POSIX shell, so that a frame is always one line of plain ASCII: what
// dash, bash and busybox sh `read -r` without surprises.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace konvoy::target {

/// The argument of printf(1), in quotes, that makes it write `bytes`: every byte value survives,
/// NUL too.
[[nodiscard]] std::string printf_format(std::string_view bytes);

/// Words for commands of one frame. A word with control or non-ASCII bytes cannot stand in a line;
/// it becomes a variable, set before the commands.
class ShellWords {
 public:
  /// How `text` (without NUL) is written in a command.
  std::string operator()(std::string_view text);
  /// All words, with blanks between.
  std::string all(std::span<const std::string> words);
  /// The assignments that the words so far need, ending in "; "; mostly empty.
  [[nodiscard]] const std::string& assignments() const { return assignments_; }

 private:
  std::string assignments_;
  int variables_ = 0;
};

}  // namespace konvoy::target
