// The command table as text for people: help, man pages, completions.
#pragma once

#include <string>
#include <string_view>

#include "cli/command.hpp"

namespace konvoy::cli {

/// The list of commands; with `group` ("manifest") those below it only.
[[nodiscard]] std::string render_overview(const Program& program, std::string_view group = {});

/// One command's usage, arguments, options and examples, at most 100 columns wide.
[[nodiscard]] std::string render_help(const Program& program, const Command& command);

/// "konvoy-image explain IMAGE [KEY] [options]".
[[nodiscard]] std::string render_usage(const Program& program, const Command& command);

/// A man page in man(7) macros: of one command (section 1), or of the program when it is null.
[[nodiscard]] std::string render_man_page(const Program& program, const Command* command);

enum class Shell { bash, zsh, fish };

/// What the man page of a command, or of the program when it is null, is called:
/// "konvoy-image-manifest-show".
[[nodiscard]] std::string man_page_name(const Program& program, const Command* command);

/// A completion script that knows every command, option and choice.
[[nodiscard]] std::string render_completion(const Program& program, Shell shell);

}  // namespace konvoy::cli
