#include "app/schema.hpp"

#include "app/configuration.hpp"
#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/options.hpp"
#include "yaml/reader.hpp"

namespace konvoy::cli {
namespace {

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(auto file, app::read_own_file(app::defaults_file, invocation.value("data-dir")));
  KONVOY_TRY(const auto defaults, yaml::parse(file.name, std::move(file.bytes)));
  const auto format = invocation.value("output");
  if (format == "text") terminal.print(app::reference_page(defaults.value));
  else print_value(app::json_schema(defaults.value), format, terminal);
  return 0;
}

}  // namespace

Command schema_command() {
  auto output = output_option();
  output.help = "text is the reference page; json and yaml are a JSON Schema for editors";
  return {.path = "schema",
          .summary = "describe the variables that images and overrides may set",
          .description =
              "Prints name, type, default and meaning of every known variable, or with -o json a "
              "JSON Schema (draft 2020-12) that editors use to complete and check image files "
              "and overrides.",
          .options = {output},
          .examples = {{.command = "konvoy-image schema -o json > konvoy-image.schema.json",
                        .says = "a schema for editors"}},
          .run = run};
}

}  // namespace konvoy::cli
