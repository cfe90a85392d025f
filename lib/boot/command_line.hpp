// The kernel's command line: words separated by white space, quoted with double quotes.
//
// Everything here edits text and leaves each byte that it need not change as it is. The kernel's
// rules are those of lib/cmdline.c (next_arg) and Documentation/admin-guide/kernel-parameters.rst.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace konvoy::boot {

/// One argument ought to be there with this value, or (no value) ought not to be there at all.
struct ArgumentChange {
  std::string key;
  std::optional<std::string> value;  ///< empty text: the bare word `key`
  bool operator==(const ArgumentChange&) const = default;
};

/// The arguments for the kernel in their order, quotes kept; those after a "--" are for init and
/// left out.
[[nodiscard]] std::vector<std::string> split_arguments(std::string_view text);

/// The value of the last argument `key` (the one that counts): "" for a bare word, without the
/// quotes around it; nothing when it is not there. Dash and underscore are the same in a key.
[[nodiscard]] std::optional<std::string> find_argument(std::string_view text, std::string_view key);

/// `text` with all of `changes`. An argument keeps its place and gets the new value, further ones
/// of the same key go; a new one comes last, before a "--" and before trailing white space.
[[nodiscard]] std::string change_arguments(std::string_view text,
                                           const std::vector<ArgumentChange>& changes);

/// Whether change_arguments() would leave `text` alone.
[[nodiscard]] bool has_arguments(std::string_view text, const std::vector<ArgumentChange>& changes);

/// `text` without the arguments that contradict `changes`; those that say the same stay, none is
/// added: for text that is appended to a command line that gets `changes` elsewhere ("$kernelopts
/// fips=0"). Nothing is set here: until the other place is written too, half of the arguments
/// would not boot.
[[nodiscard]] std::string drop_conflicting_arguments(std::string_view text,
                                                     const std::vector<ArgumentChange>& changes);

}  // namespace konvoy::boot
