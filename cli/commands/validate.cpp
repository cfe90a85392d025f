#include "app/validate_fips.hpp"
#include "app/validate_kubernetes.hpp"
#include "cli/commands/commands.hpp"
#include "cli/hosts.hpp"
#include "cli/options.hpp"
#include "cli/terminal/terminal.hpp"
#include "json/render.hpp"
#include "yaml/render.hpp"

namespace konvoy::cli {
namespace {

base::Result<preflight::Settings> settings_of(const Invocation& invocation) {
  constexpr long highest_port = 65535;
  preflight::Settings settings;
  KONVOY_TRY(settings.pod_subnets,
             preflight::parse_subnets("--pod-subnet", invocation.value("pod-subnet")));
  KONVOY_TRY(settings.service_subnets,
             preflight::parse_subnets("--service-subnet", invocation.value("service-subnet")));
  KONVOY_TRY(const long port, invocation.number("apiserver-port", 1, highest_port));
  settings.apiserver_port = static_cast<std::uint16_t>(port);
  KONVOY_TRY(settings.ignored, preflight::parse_ignored(invocation.values("errors-to-ignore")));
  return settings;
}

template <class Hosts>
void report_errors(const Hosts& hosts, Terminal& terminal) {
  for (const auto& host : hosts) {
    if (host.error) terminal.report(host.error->diagnostics);
  }
}

int show(const std::vector<app::FipsHost>& hosts, const Invocation& invocation,
         Terminal& terminal) {
  report_errors(hosts, terminal);
  const auto format = invocation.value("output");
  if (format == "json") terminal.print(json::render(app::to_value(hosts)));
  else if (format == "yaml") terminal.print(yaml::render(app::to_value(hosts)));
  else terminal.print(app::render_text(hosts));
  return app::exit_code(hosts);
}

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  KONVOY_TRY(const auto settings, settings_of(invocation));
  KONVOY_TRY(const auto at_once, forks_of(invocation));
  KONVOY_TRY(const auto chosen, hosts_of(invocation, terminal));
  if (invocation.has("fips")) {
    return show(app::validate_fips(chosen.hosts, opener_of(invocation), at_once), invocation,
                terminal);
  }
  const auto validated =
      app::validate_kubernetes(chosen.hosts, opener_of(invocation), settings, at_once);
  report_errors(validated, terminal);
  const auto format = invocation.value("output");
  if (format == "json") terminal.print(json::render(to_value(validated)));
  else if (format == "yaml") terminal.print(yaml::render(to_value(validated)));
  else terminal.print(render_text(validated, terminal.settings().verbosity > 0));
  return exit_code(validated);
}

}  // namespace

Command validate_command() {
  return {
      .path = "validate",
      .summary = "check whether hosts are fit to become Kubernetes nodes",
      .description =
          "Looks at each host, changes nothing, and gives for every check its reason and what to "
          "do about it: operating system, host names (also compared with each other), clock, "
          "cpus, memory, swap, disks, networks against the hosts' addresses, ports, whether the "
          "hosts reach each other, leftovers of an old cluster, kernel settings, services and "
          "programs. What is well is shown with -v. On a node that kubeadm has set up, checks "
          "that only make sense before are skipped.\n\n"
          "With --fips instead: whether they are in FIPS mode, by six signs, each looked at on its "
          "own (configured, running, initramfs, policy, module_files, packages): yes, no or "
          "unknown, and why. No single one of them means that a machine is in FIPS mode.\n\n"
          "Exit code 1 when a check fails; else 3 or 4 when a host could not be asked.",
      .options = together(
          {{output_option()},
           host_options(),
           {forks_option(),
            {.name = "fips", .help = "the signs of FIPS mode instead of the checks for Kubernetes"},
            {.name = "pod-subnet",
             .takes = Takes::value,
             .placeholder = "CIDR",
             .help = "network of the pods; no host's address may lie in it",
             .fallback = std::string(preflight::default_pod_subnet)},
            {.name = "service-subnet",
             .takes = Takes::value,
             .placeholder = "CIDR",
             .help = "network of the services; no host's address may lie in it",
             .fallback = std::string(preflight::default_service_subnet)},
            {.name = "apiserver-port",
             .takes = Takes::value,
             .placeholder = "PORT",
             .help = "port of the API server",
             .fallback = "6443"},
            {.name = "errors-to-ignore",
             .takes = Takes::values,
             .placeholder = "CHECK",
             .help = "checks whose failure does not count, by their own or kubeadm's names, or "
                     "'all'"}}}),
      .examples = {{.command = "konvoy-image validate --inventory-file inventory.yaml",
                    .says = "all hosts of an inventory"},
                   {.command = "konvoy-image validate --fips --root /mnt/image",
                    .says = "whether an image will boot in FIPS mode"},
                   {.command = "konvoy-image validate --host n1 --errors-to-ignore swap,disk-usage",
                    .says = "live with two of the problems"}},
      .run = run};
}

}  // namespace konvoy::cli
