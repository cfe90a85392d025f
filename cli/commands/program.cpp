#include <algorithm>
#include <iterator>

#include "cli/commands/commands.hpp"
#include "cli/run.hpp"

namespace konvoy::cli {

namespace {

std::vector<Command> all_commands() {
  std::vector<Command> all = {generate_command()};
  std::ranges::move(generate_cloud_commands(), std::back_inserter(all));
  all.insert(all.end(), {explain_command(), schema_command(), build_command()});
  std::ranges::move(build_cloud_commands(), std::back_inserter(all));
  all.insert(all.end(),
             {plan_command(), provision_command(), facts_command(), validate_command(),
              inspect_command(), verify_command(), manifest_create_command(),
              manifest_verify_command(), manifest_show_command(), manifest_schema_command(),
              record_command(), record_show_command(), record_diff_command(), packer_step_command(),
              version_command(), completion_command(), man_command()});
  return all;
}

}  // namespace

const Program& konvoy_image() {
  static const Program program{
      .name = "konvoy-image",
      .version = KONVOY_VERSION,
      .summary =
          "turns RHEL/CentOS 7 and 8 machines and images into FIPS-140 Kubernetes nodes, "
          "and proves it",
      .environment_prefix = "KONVOY_IMAGE_",
      .global_options = global_options(),
      .commands = all_commands(),
  };
  return program;
}

}  // namespace konvoy::cli
