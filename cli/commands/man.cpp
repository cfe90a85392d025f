#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/help.hpp"
#include "cli/terminal/terminal.hpp"

namespace konvoy::cli {
namespace {

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  const auto path = base::join(invocation.arguments("COMMAND"), " ");
  const auto* command = konvoy_image().find(path);
  if (!path.empty() && command == nullptr) {
    return base::Error(base::ErrorKind::usage, "there is no command '" + path + "'");
  }
  terminal.print(render_man_page(konvoy_image(), command));
  return 0;
}

}  // namespace

Command man_command() {
  return {.path = "man",
          .summary = "print the manual page of the program or of one command",
          .positionals = {{.name = "COMMAND",
                           .help = "the command; without it, the program",
                           .required = false,
                           .repeated = true}},
          .examples = {{"konvoy-image man provision | man -l -", "read it"}},
          .run = run};
}

}  // namespace konvoy::cli
