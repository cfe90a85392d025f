// Arguments and environment -> what the user asked for.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace konvoy::cli {

/// `command` is null when only help or the version was asked for.
struct Parsed {
  const Command* command = nullptr;
  Invocation invocation;
  bool wants_help = false;
  bool wants_version = false;
  std::string help_group;  ///< "manifest": help for the commands below this word
};

/// Reads a variable of the environment; nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

/// `arguments` without the program's name. Errors are of kind usage and name the closest command
/// or option. `-v` takes the next argument only when that is all digits, as
/// konvoy-image-builder's users write it; `-vvv` is `-v 3`.
[[nodiscard]] base::Result<Parsed> parse(const Program& program,
                                         const std::vector<std::string>& arguments,
                                         const Environment& environment);

}  // namespace konvoy::cli
