// dkp-fips-tool: validates the node it is dropped on. One static executable.
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "cli/dkp_fips_tool/options.hpp"
#include "json/render.hpp"
#include "system/clock.hpp"
#include "system/isolation.hpp"
#include "target/root_target.hpp"
#include "verify/node.hpp"
#include "verify/report.hpp"
#include "verify/saved_images.hpp"
#include "verify/tools.hpp"

namespace konvoy::fips_tool {
namespace {

using base::ErrorKind;

bool print(std::FILE* stream, std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stream) == text.size() &&
         std::fflush(stream) == 0;
}

/// 0 passed, 1 validation failed, 2 bad input, 3 could not be done.
int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::check: return 1;
    case ErrorKind::usage:
    case ErrorKind::input: return 2;
    default: return 3;
  }
}

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             system::real_clock().now().time_since_epoch())
      .count();
}

base::Result<verify::Report> verify_here(const Options& options) {
  KONVOY_TRY(const auto manifest, verify::read_signed_manifest(options.manifest));
  KONVOY_CHECK(verify::check_dates(manifest.manifest, now()));
  KONVOY_TRY(auto services, verify::services_to_ask(manifest.manifest, options.services));
  KONVOY_TRY(const auto target, target::open_root({.path = options.root}));
  KONVOY_TRY(auto tools, verify::own_tools());
  KONVOY_TRY(auto fips_tools, verify::node_tools());
  verify::NodeOptions node{.tools = std::move(tools),
                           .fips_tools = std::move(fips_tools),
                           .services = std::move(services)};
  if (!options.image_archives.empty()) {
    node.judge_images = [&](const verify::ContentTools& chosen) {
      return verify::verify_saved_images(options.image_archives, manifest.manifest, chosen);
    };
  }
  verify::ContentMemory memory;
  return verify::verify_node(*target, manifest, node, memory);
}

base::Result<int> run(const std::vector<std::string>& arguments) {
  KONVOY_TRY(const Options options, parse_options(arguments));
  if (options.help || options.version) {
    const std::string version = "dkp-fips-tool " KONVOY_VERSION "\n";
    return print(stdout, options.help ? help_text() : version) ? 0 : 3;
  }
  KONVOY_TRY(const verify::Report report, verify_here(options));
  const std::string text =
      options.json ? json::render(verify::to_value(report)) : verify::render_text(report);
  // A report that did not arrive must not count as one that passed.
  if (!print(stdout, text)) return 3;
  return report.passed() ? 0 : 1;
}

}  // namespace
}  // namespace konvoy::fips_tool

int main(int argc, char** argv) {
  using namespace konvoy;
  if (const auto status = system::enter_root_if_asked(argc, argv)) return *status;
  const auto status = fips_tool::run(std::vector<std::string>(argv + 1, argv + argc));
  if (status) return *status;
  fips_tool::print(stderr, base::render(status.error().diagnostics));
  return fips_tool::exit_code_of(status.error().kind);
}
