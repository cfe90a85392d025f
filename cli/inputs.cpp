#include "cli/inputs.hpp"

#include "app/secrets.hpp"
#include "json/render.hpp"
#include "yaml/render.hpp"

namespace konvoy::cli {

app::ConfigurationInputs configuration_inputs(const Invocation& invocation,
                                              const Terminal& terminal, config::Cloud cloud) {
  app::ConfigurationInputs inputs{.image = invocation.argument("IMAGE"),
                                  .overrides = invocation.values("overrides"),
                                  .extra_vars = invocation.values("extra-vars"),
                                  .data_dir = invocation.value("data-dir"),
                                  .cloud = cloud,
                                  .dry_run = invocation.has("dry-run"),
                                  .strict = terminal.settings().strict};
  for (const auto& [flag, path] : config::flag_variables(cloud)) {
    if (invocation.has(flag)) {
      inputs.flags.push_back({.flag = std::string(flag), .values = invocation.values(flag)});
    }
  }
  return inputs;
}

base::Result<app::Configuration> read_configuration(const Invocation& invocation,
                                                    Terminal& terminal, config::Cloud cloud) {
  KONVOY_TRY(auto configuration,
             app::read_configuration(configuration_inputs(invocation, terminal, cloud)));
  for (const auto& layer : configuration.layers) hide_secrets(layer.value, terminal);
  hide_secrets(configuration.config.value, terminal);
  terminal.report(configuration.warnings);
  return configuration;
}

void hide_secrets(const value::Value& value, Terminal& terminal) {
  for (const auto& secret : app::secrets_in(value)) terminal.hide(secret);
}

void print_value(const value::Value& value, std::string_view format, Terminal& terminal) {
  terminal.print(format == "json" ? json::render(value) : yaml::render(value));
}

}  // namespace konvoy::cli
