// From the options that commands share to what the use cases take, and back to the terminal.
#pragma once

#include <string_view>

#include "app/configuration.hpp"
#include "base/result.hpp"
#include "cli/command.hpp"
#include "cli/terminal/terminal.hpp"
#include "value/value.hpp"

namespace konvoy::cli {

/// The inputs that `image`, input_options() and the options of a cloud (cloud_options.hpp) name.
[[nodiscard]] app::ConfigurationInputs configuration_inputs(
    const Invocation& invocation, const Terminal& terminal,
    config::Cloud cloud = config::Cloud::aws);

/// Reads the configuration that the invocation names; hides its secrets from everything that the
/// terminal shows from now on, and reports its warnings.
[[nodiscard]] base::Result<app::Configuration> read_configuration(
    const Invocation& invocation, Terminal& terminal, config::Cloud cloud = config::Cloud::aws);

/// The same for a run: where --work-dir is one that 'generate' wrote, its config.yaml stands for
/// the image file and for the overrides that were given there; those of this invocation still
/// count. Without an image file that goes for the config.yaml that a run left, too.
[[nodiscard]] base::Result<app::Configuration> read_run_configuration(
    const Invocation& invocation, Terminal& terminal, config::Cloud cloud = config::Cloud::aws);

/// From now on the terminal shows no text that is secret in `value`.
void hide_secrets(const value::Value& value, Terminal& terminal);

/// `value` on stdout; `format` is "json" or "yaml".
void print_value(const value::Value& value, std::string_view format, Terminal& terminal);

}  // namespace konvoy::cli
