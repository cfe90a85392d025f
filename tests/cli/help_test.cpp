#include "cli/help.hpp"

#include <doctest/doctest.h>

#include "cli/options.hpp"
#include "cli/run.hpp"
#include "support/golden.hpp"

using namespace konvoy::cli;
using konvoy::test::check_golden;

namespace {

const Program& program() {
  static const Program it{
      .name = "prog",
      .version = "1.2",
      .summary = "does things",
      .environment_prefix = "PROG_",
      .global_options = global_options(),
      .commands = {{.path = "explain",
                    .summary = "show where a value comes from",
                    .description = "Shows a value.\n\nAnd what it replaced.",
                    .positionals = {{.name = "IMAGE", .help = "image definition"},
                                    {.name = "KEY", .help = "a variable", .required = false}},
                    .options = together({input_options(), {output_option()}}),
                    .examples = {{"prog explain a.yaml fips", "where fips was set"}}},
                   {.path = "manifest show", .summary = "print a manifest"}}};
  return it;
}

}  // namespace

TEST_CASE("help, man page and completions come from the table") {
  const auto& explain = program().commands[0];
  check_golden("cli/golden/overview.txt", render_overview(program()));
  check_golden("cli/golden/group.txt", render_overview(program(), "manifest"));
  check_golden("cli/golden/help.txt", render_help(program(), explain));
  check_golden("cli/golden/command.1", render_man_page(program(), &explain));
  check_golden("cli/golden/program.1", render_man_page(program(), nullptr));
  check_golden("cli/golden/completion.bash", render_completion(program(), Shell::bash));
  check_golden("cli/golden/completion.fish", render_completion(program(), Shell::fish));
}

TEST_CASE("no line of help is wider than 100 columns") {
  const auto text = render_help(program(), program().commands[0]);
  std::size_t width = 0;
  for (const char c : text) {
    width = c == '\n' ? 0 : width + 1;
    REQUIRE(width <= 100);
  }
}
