#include <fmt/format.h>

#include "base/encoding.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options.hpp"
#include "cli/terminal/terminal.hpp"

namespace konvoy::cli {
namespace {

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  const auto format = invocation.value("output");
  if (format == "json") {
    terminal.print(fmt::format("{{\"version\": {}}}\n", base::json_quote(KONVOY_VERSION)));
  } else if (format == "yaml") {
    terminal.print(fmt::format("version: {}\n", KONVOY_VERSION));
  } else {
    terminal.print(fmt::format("konvoy-image {}\n", KONVOY_VERSION));
  }
  return 0;
}

}  // namespace

Command version_command() {
  return {
      .path = "version", .summary = "print the version", .options = {output_option()}, .run = run};
}

}  // namespace konvoy::cli
