#include "app/generate.hpp"

#include <fmt/format.h>

#include "cli/cloud_options.hpp"
#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/options.hpp"

namespace konvoy::cli {
namespace {

base::Result<int> write(const app::Configuration& configuration, const Invocation& invocation,
                        Terminal& terminal) {
  KONVOY_TRY(const auto generated,
             app::generate(configuration, {.work_dir = invocation.value("work-dir"),
                                           .provenance = invocation.has("provenance"),
                                           .for_later = true,
                                           .version = KONVOY_VERSION}));
  const auto format = invocation.value("output");
  if (format == "text") {
    terminal.print(generated.work_dir + "\n");
    return 0;
  }
  value::Map map;
  map.set("work_dir", value::Value(generated.work_dir));
  map.set("build_name", value::Value(generated.build_name));
  print_value(value::Value(std::move(map)), format, terminal);
  return 0;
}

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto configuration, read_configuration(invocation, terminal));
  return write(configuration, invocation, terminal);
}

template <config::Cloud cloud>
base::Result<int> run_for(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto configuration, read_configuration(invocation, terminal, cloud));
  KONVOY_CHECK(check_cloud(configuration, cloud, invocation.argument("IMAGE")));
  return write(configuration, invocation, terminal);
}

std::vector<Option> own_options() {
  return {{.name = "provenance", .help = "say in config.yaml where each value comes from"},
          output_option()};
}

Command cloud_command(config::Cloud cloud, Run run_there) {
  const std::string name(config::name_of(cloud));
  return {
      .path = "generate " + name,
      .summary = fmt::format("write the configuration of a build: {}", name),
      .description = "What 'generate' does with an image file of this cloud, with options for it.",
      .positionals = {{.name = "IMAGE", .help = "image file of this cloud"}},
      .options = together({input_options(), cloud_options(cloud), own_options()}),
      .examples = {},
      .run = run_there};
}

}  // namespace

Command generate_command() {
  return {
      .path = "generate",
      .summary = "write the configuration of a build into a work directory",
      .description =
          "Merges the defaults, the image file, the overrides, the flags and --extra-vars, in this "
          "order, and writes config.yaml (templates as they are) and packer_vars.json into a work "
          "directory, whose name it prints. Files that hold secrets can only be read by their "
          "owner.\n\n"
          "What konvoy-image-builder does without a word, such as dropping a duplicate key, is "
          "warned of; with --strict it is an error.",
      .positionals = {{.name = "IMAGE", .help = "image file, such as images/ami/centos-8.yaml"}},
      .options = together({input_options(), cloud_options(config::Cloud::aws), own_options()}),
      .examples = {{.command = "konvoy-image generate --overrides overrides/fips.yaml "
                               "images/ami/centos-8.yaml",
                    .says = "prints the work directory"}},
      .run = run};
}

std::vector<Command> generate_cloud_commands() {
  return {cloud_command(config::Cloud::aws, run_for<config::Cloud::aws>),
          cloud_command(config::Cloud::azure, run_for<config::Cloud::azure>),
          cloud_command(config::Cloud::gcp, run_for<config::Cloud::gcp>),
          cloud_command(config::Cloud::vsphere, run_for<config::Cloud::vsphere>)};
}

}  // namespace konvoy::cli
