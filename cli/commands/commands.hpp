// Every command of konvoy-image. A new one is a file beside this one, a line here, and a line in
// program.cpp.
#pragma once

#include <vector>

#include "cli/command.hpp"

namespace konvoy::cli {

[[nodiscard]] Command build_command();
/// "build aws" and its like, for each cloud.
[[nodiscard]] std::vector<Command> build_cloud_commands();
[[nodiscard]] Command completion_command();
[[nodiscard]] Command explain_command();
[[nodiscard]] Command facts_command();
[[nodiscard]] Command generate_command();
[[nodiscard]] std::vector<Command> generate_cloud_commands();
[[nodiscard]] Command inspect_command();
[[nodiscard]] Command man_command();
[[nodiscard]] Command manifest_create_command();
[[nodiscard]] Command manifest_schema_command();
[[nodiscard]] Command manifest_show_command();
[[nodiscard]] Command manifest_verify_command();
[[nodiscard]] Command packer_step_command();
[[nodiscard]] Command plan_command();
[[nodiscard]] Command provision_command();
[[nodiscard]] Command record_command();
[[nodiscard]] Command record_diff_command();
[[nodiscard]] Command record_show_command();
[[nodiscard]] Command schema_command();
[[nodiscard]] Command validate_command();
[[nodiscard]] Command verify_command();
[[nodiscard]] Command version_command();

/// konvoy-image: all of the above, in the order in which help shows them.
[[nodiscard]] const Program& konvoy_image();

}  // namespace konvoy::cli
