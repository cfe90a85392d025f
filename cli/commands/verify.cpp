#include "app/verify_nodes.hpp"
#include "cli/commands/commands.hpp"
#include "cli/hosts.hpp"
#include "cli/manifest_options.hpp"
#include "cli/options.hpp"
#include "cli/terminal/terminal.hpp"
#include "json/render.hpp"
#include "yaml/render.hpp"

namespace konvoy::cli {
namespace {

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  app::VerifyRequest request{.manifest = manifest_source(invocation),
                             .services = invocation.values("service"),
                             .image_archives = invocation.values("image-archive")};
  KONVOY_TRY(request.at_once, forks_of(invocation));
  KONVOY_TRY(const auto chosen, hosts_of(invocation, terminal));
  KONVOY_TRY(const auto nodes, app::verify_nodes(request, chosen.hosts, opener_of(invocation)));
  for (const auto& node : nodes) {
    if (!node.report) terminal.report(node.report.error().diagnostics);
  }
  const auto format = invocation.value("output");
  if (format == "json") terminal.print(json::render(app::to_value(nodes)));
  else if (format == "yaml") terminal.print(yaml::render(app::to_value(nodes)));
  else terminal.print(app::render_text(nodes));
  return app::exit_code(nodes);
}

}  // namespace

Command verify_command() {
  return {
      .path = "verify",
      .summary = "check nodes against a signed manifest",
      .description =
          "Checks that each machine is the FIPS node that the manifest describes: every file is "
          "there with its size, SHA-256, signature and a cryptographic module; every image has its "
          "digest, whole; what the TLS services accept is approved; and every sign of FIPS mode is "
          "there. Nothing needs to be installed on the machines and nothing is changed.\n\n"
          "Services are asked through ssh, as seen from the machine. Cipher suites are found by "
          "offering them one after the other, also those that no TLS library of today speaks.\n\n"
          "A running machine that is not in FIPS mode never passes. With --root nothing runs: the "
          "running kernel is unknown, and what the image is configured for counts.",
      .positionals = {{.name = "MANIFEST", .help = "the signed manifest"}},
      .options = together({{output_option()},
                           manifest_options(),
                           {{.name = "service",
                             .takes = Takes::values,
                             .placeholder = "NAME=HOST:PORT",
                             .help = "a TLS service that has to run"},
                            image_archive_option("look for images here, not in containerd")},
                           host_options(),
                           {forks_option()}}),
      .examples = {{.command = "konvoy-image verify --host root@10.0.0.7 manifest.json.asc",
                    .says = "one node"},
                   {.command = "konvoy-image verify --root /mnt/image manifest.json.asc",
                    .says = "an image before it is shipped"}},
      .run = run};
}

}  // namespace konvoy::cli
