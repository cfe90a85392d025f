#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/help.hpp"
#include "cli/terminal/terminal.hpp"
#include "system/file.hpp"

namespace konvoy::cli {
namespace {

base::Result<void> write_page(const std::string& directory, const Command* command) {
  return system::write_file(directory + "/" + man_page_name(konvoy_image(), command) + ".1",
                            render_man_page(konvoy_image(), command));
}

base::Result<void> write_all_pages(const std::string& directory) {
  KONVOY_CHECK(system::make_directories(directory));
  KONVOY_CHECK(write_page(directory, nullptr));
  for (const auto& command : konvoy_image().commands) KONVOY_CHECK(write_page(directory, &command));
  return {};
}

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  if (invocation.has("directory")) {
    KONVOY_CHECK(write_all_pages(invocation.value("directory")));
    return 0;
  }
  const auto path = base::join(invocation.arguments("COMMAND"), " ");
  const auto* command = konvoy_image().find(path);
  if (!path.empty() && command == nullptr) {
    return base::Error(base::ErrorKind::usage, "there is no command '" + path + "'",
                       "'konvoy-image help' lists the commands");
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
          .options = {{.name = "directory",
                       .takes = Takes::value,
                       .placeholder = "DIR",
                       .help = "write the pages of the program and of all commands there"}},
          .examples = {{"konvoy-image man provision | man -l -", "read it"}},
          .run = run};
}

}  // namespace konvoy::cli
