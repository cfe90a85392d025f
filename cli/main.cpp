#include <string>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/run.hpp"
#include "system/isolation.hpp"

int main(int argc, char** argv) {
  // Commands in an image root run through this executable: see system/isolation.hpp.
  if (const auto status = konvoy::system::enter_root_if_asked(argc, argv)) return *status;
  return konvoy::cli::run_program(konvoy::cli::konvoy_image(),
                                  std::vector<std::string>(argv + 1, argv + argc));
}
