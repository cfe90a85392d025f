// From argv to an exit code.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace konvoy::cli {

/// The exit code of an error's kind (CONTRACT: check 1, usage and input 2, run 3, unreachable 4,
/// interrupted 130, internal 3).
[[nodiscard]] int exit_code_of(base::ErrorKind kind);

/// The options that every command of konvoy-image has.
[[nodiscard]] std::vector<Option> global_options();

/// Parses, runs the command, reports what went wrong, and gives the exit code. `arguments` is argv
/// without the program's name.
[[nodiscard]] int run_program(const Program& program, const std::vector<std::string>& arguments);

}  // namespace konvoy::cli
