// Commands as data: what the parser, the help, the man pages and the completions are made from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace konvoy::cli {

class Terminal;

/// What an option takes. `values`: it may be given more than once, and each may be a list with
/// commas.
enum class Takes { nothing, value, values };

struct Option {
  std::string name;    ///< without dashes: "overrides"
  char letter = '\0';  ///< 'f' for -f; none by default
  Takes takes = Takes::nothing;
  std::string placeholder;           ///< "FILE": how the value is called in help; upper case
  std::string help;                  ///< a sentence without its full stop
  std::vector<std::string> choices;  ///< empty: anything
  std::string fallback;              ///< what counts when the option is not given; shown in help
  bool splits_commas = true;         ///< of Takes::values
  bool hidden = false;               ///< accepted for compatibility, not shown
};

struct Positional {
  std::string name;  ///< "IMAGE"
  std::string help;
  bool required = true;
  bool repeated = false;  ///< the last one only
};

struct Example {
  std::string command;
  std::string says;
};

/// What the user asked for, after parsing.
class Invocation {
 public:
  /// Whether the option was given at all, on the command line or by environment.
  [[nodiscard]] bool has(std::string_view option) const;
  /// The option's value, its fallback, or an empty text.
  [[nodiscard]] std::string value(std::string_view option) const;
  [[nodiscard]] std::optional<std::string> given(std::string_view option) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
  /// The positional argument's value; empty when it was left out.
  [[nodiscard]] std::string argument(std::string_view positional) const;
  [[nodiscard]] std::vector<std::string> arguments(std::string_view positional) const;
  /// The option's value as a number; an Error of kind usage when it is none or out of range.
  [[nodiscard]] base::Result<long> number(std::string_view option, long least, long most) const;

  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::map<std::string, std::vector<std::string>, std::less<>> positionals;
  std::map<std::string, std::string, std::less<>> fallbacks;
};

/// Gives the exit code (0, or what CONTRACT calls for), or an Error, which main turns into one.
using Run = base::Result<int> (*)(const Invocation&, Terminal&);

struct Command {
  std::string path;         ///< "generate", "manifest create"
  std::string summary;      ///< one line for the list of commands
  std::string description;  ///< paragraphs for the help and the man page
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::vector<Example> examples;
  Run run = nullptr;
};

/// A whole program: its name, what it is for, its commands and the options that all of them have.
struct Program {
  std::string name;
  std::string version;
  std::string summary;
  std::string environment_prefix;  ///< "KONVOY_IMAGE_": --work-dir is also read from ..._WORK_DIR
  std::vector<Option> global_options;
  std::vector<Command> commands;

  [[nodiscard]] const Command* find(std::string_view path) const;
};

}  // namespace konvoy::cli
