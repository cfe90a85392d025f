#include "cli/commands/commands.hpp"
#include "cli/help.hpp"
#include "cli/terminal/terminal.hpp"

namespace konvoy::cli {
namespace {

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  const auto shell = invocation.argument("SHELL");
  if (shell == "bash") terminal.print(render_completion(konvoy_image(), Shell::bash));
  else if (shell == "zsh") terminal.print(render_completion(konvoy_image(), Shell::zsh));
  else if (shell == "fish") terminal.print(render_completion(konvoy_image(), Shell::fish));
  else {
    return base::Error(base::ErrorKind::usage, "there is no completion for '" + shell + "'",
                       "take bash, zsh or fish");
  }
  return 0;
}

}  // namespace

Command completion_command() {
  return {.path = "completion",
          .summary = "print a completion script for a shell",
          .positionals = {{.name = "SHELL", .help = "bash, zsh or fish"}},
          .examples = {{"source <(konvoy-image completion bash)", "complete in this shell"}},
          .run = run};
}

}  // namespace konvoy::cli
