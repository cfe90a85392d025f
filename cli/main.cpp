#include <string>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/run.hpp"

int main(int argc, char** argv) {
  return konvoy::cli::run_program(konvoy::cli::konvoy_image(),
                                  std::vector<std::string>(argv + 1, argv + argc));
}
