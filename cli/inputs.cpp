#include "cli/inputs.hpp"

#include <fmt/format.h>

#include "app/generate.hpp"
#include "app/secrets.hpp"
#include "json/render.hpp"
#include "system/file.hpp"
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

namespace {

base::Result<app::Configuration> read(const app::ConfigurationInputs& inputs, Terminal& terminal) {
  KONVOY_TRY(auto configuration, app::read_configuration(inputs));
  for (const auto& layer : configuration.layers) hide_secrets(layer.value, terminal);
  hide_secrets(configuration.config.value, terminal);
  terminal.report(configuration.warnings);
  return configuration;
}

}  // namespace

base::Result<app::Configuration> read_configuration(const Invocation& invocation,
                                                    Terminal& terminal, config::Cloud cloud) {
  return read(configuration_inputs(invocation, terminal, cloud), terminal);
}

base::Result<app::Configuration> read_run_configuration(const Invocation& invocation,
                                                        Terminal& terminal, config::Cloud cloud) {
  auto inputs = configuration_inputs(invocation, terminal, cloud);
  const auto work_dir = invocation.value("work-dir");
  const auto file = app::config_file(work_dir);
  // Without an image file what an earlier run left there about itself is the best that there is.
  const bool left = inputs.image.empty() && !work_dir.empty() && system::exists(file);
  if (left || app::is_generated(work_dir)) {
    terminal.say(inputs.image.empty()
                     ? fmt::format("using {}", file)
                     : fmt::format("using {}, made of an image file already: {} is not read", file,
                                   inputs.image));
    inputs.image = file;
  }
  return read(inputs, terminal);
}

void hide_secrets(const value::Value& value, Terminal& terminal) {
  for (const auto& secret : app::secrets_in(value)) terminal.hide(secret);
}

void print_value(const value::Value& value, std::string_view format, Terminal& terminal) {
  terminal.print(format == "json" ? json::render(value) : yaml::render(value));
}

}  // namespace konvoy::cli
