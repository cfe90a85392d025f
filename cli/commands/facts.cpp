#include "app/gather_facts.hpp"
#include "cli/commands/commands.hpp"
#include "cli/hosts.hpp"
#include "cli/options.hpp"
#include "cli/terminal/terminal.hpp"
#include "json/render.hpp"
#include "yaml/render.hpp"

namespace konvoy::cli {
namespace {

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto at_once, forks_of(invocation));
  KONVOY_TRY(const auto chosen, hosts_of(invocation, terminal));
  const auto gathered = app::gather_facts(chosen.hosts, opener_of(invocation), at_once);
  for (const auto& [name, facts] : gathered) {
    if (!facts) terminal.report(facts.error().diagnostics);
  }
  const auto format = invocation.value("output");
  if (format == "json") terminal.print(json::render(to_value(gathered)));
  else if (format == "yaml") terminal.print(yaml::render(to_value(gathered)));
  else terminal.print(render_text(gathered));
  return exit_code(gathered);
}

}  // namespace

Command facts_command() {
  return {
      .path = "facts",
      .summary = "show what is known of hosts and image roots",
      .description =
          "Asks each machine, in one round trip, for everything that plans and checks are made "
          "from: distribution, kernels, boot layout, file systems, memory, processors, SELinux, "
          "FIPS mode, crypto policy, packages, addresses. Nothing needs to be installed there "
          "but a shell, coreutils and rpm, and nothing is changed.\n\n"
          "In JSON and YAML the facts stand under their own names and under those that Ansible "
          "gives them (ansible_distribution, ansible_os_family ...).",
      .options = together({{output_option()}, host_options(), {forks_option()}}),
      .examples = {{.command = "konvoy-image facts --host root@10.0.0.7", .says = "one host"},
                   {.command = "konvoy-image facts -o json --limit 'workers:!w3'",
                    .says = "hosts of inventory.yaml, for a script"},
                   {.command = "konvoy-image facts --root /mnt/image", .says = "an image root"}},
      .run = run};
}

}  // namespace konvoy::cli
