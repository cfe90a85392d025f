#include "app/explain.hpp"

#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/options.hpp"
#include "resolve/fact_inputs.hpp"
#include "resolve/resolver.hpp"
#include "system/file.hpp"

namespace konvoy::cli {
namespace {

base::Result<value::Map> facts_of(const Invocation& invocation) {
  resolve::FactInputs inputs{.os = invocation.value("os"),
                             .settings = invocation.values("set-fact")};
  if (const auto file = invocation.value("facts"); !file.empty()) {
    KONVOY_TRY(auto text, system::read_file(file));
    inputs.files.push_back({file, std::move(text)});
  }
  return resolve::decode_facts(inputs);
}

base::Result<int> explain_one(const app::Configuration& configuration, const std::string& key,
                              const app::Resolve& resolve, const std::string& format,
                              Terminal& terminal) {
  KONVOY_TRY(const auto explanation, app::explain(configuration.config, key, resolve));
  if (format == "text") terminal.print(app::render_text(explanation));
  else print_value(app::to_value(explanation), format, terminal);
  return 0;
}

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto configuration, read_configuration(invocation, terminal));
  KONVOY_TRY(const auto facts, facts_of(invocation));
  resolve::Resolver resolver(configuration.config.value, facts);
  const auto resolve = [&resolver](const std::string& path) -> base::Result<value::Value> {
    KONVOY_TRY(auto resolved, resolver.resolve(path));
    return std::move(resolved.value);
  };
  const auto format = invocation.value("output");
  const auto key = invocation.argument("KEY");
  if (!key.empty()) return explain_one(configuration, key, resolve, format, terminal);
  const auto all = app::explain_all(configuration.config, invocation.has("changed"), resolve);
  if (format == "text") {
    terminal.print(app::render_tree(all));
    return 0;
  }
  value::List variables;
  for (const auto& one : all) variables.push_back(app::to_value(one));
  value::Map map;
  map.set("variables", value::Value(std::move(variables)));
  print_value(value::Value(std::move(map)), format, terminal);
  return 0;
}

}  // namespace

Command explain_command() {
  return {
      .path = "explain",
      .summary = "show where the values of a configuration come from",
      .description =
          "With KEY: the value, its template, the line that sets it, what that line replaced, and "
          "what the template depends on. Without KEY: the whole configuration, each value with "
          "its place. Secrets show as ***.\n\n"
          "Templates that need facts of a host take them from --os, --facts and --set-fact.",
      .positionals = {{.name = "IMAGE", .help = "image file, such as images/ami/centos-8.yaml"},
                      {.name = "KEY", .help = "variable, such as fips.enabled", .required = false}},
      .options =
          together({input_options(),
                    fact_options(),
                    {{.name = "changed", .help = "only what overrides, flags and --extra-vars set"},
                     output_option()}}),
      .examples = {{.command = "konvoy-image explain --overrides overrides/fips.yaml "
                               "images/ami/centos-8.yaml fips.enabled",
                    .says = "the value, where it is set, and what it replaces"}},
      .run = run};
}

}  // namespace konvoy::cli
