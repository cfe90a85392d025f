#include "app/provision.hpp"

#include <mutex>

#include "app/generate.hpp"
#include "app/provision_report.hpp"
#include "app/records.hpp"
#include "app/resolved_configuration.hpp"
#include "cli/commands/commands.hpp"
#include "cli/hosts.hpp"
#include "cli/inputs.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/running.hpp"
#include "json/render.hpp"
#include "plan/fips.hpp"

namespace konvoy::cli {
namespace {

base::Result<app::ProvisionRequest> request_of(const Invocation& invocation, bool only_plan,
                                               const app::Configuration& configuration,
                                               Terminal& terminal) {
  KONVOY_TRY(auto chosen, hosts_of(invocation, terminal));
  KONVOY_TRY(const auto at_once, forks_of(invocation));
  KONVOY_TRY(auto inputs, digests_of(configuration));
  const auto risks = invocation.values("accept-risk");
  KONVOY_CHECK(plan::check_accepted_risks({risks.begin(), risks.end()}));
  constexpr long most_hosts = 100'000;
  KONVOY_TRY(const long unavailable, invocation.number("max-unavailable", 1, most_hosts));
  app::ProvisionRequest request{.only_plan = only_plan,
                                .image = invocation.argument("IMAGE"),
                                .hosts = std::move(chosen.hosts),
                                .selection = {.only = invocation.values("only"),
                                              .skip = invocation.values("skip"),
                                              .start_at = invocation.value("start-at")},
                                .accepted_risks = {risks.begin(), risks.end()},
                                .reboot = invocation.has("reboot"),
                                .max_unavailable = static_cast<std::size_t>(unavailable),
                                .at_once = at_once,
                                .cache = cache_directory(),
                                .strict = terminal.settings().strict,
                                .inputs = std::move(inputs),
                                .tool_version = KONVOY_VERSION};
  if (invocation.has("resume")) {
    if (!invocation.has("work-dir")) {
      return base::Error(base::ErrorKind::usage, "'--resume' needs the work directory of the run",
                         "name it with '--work-dir', the run printed it at its end");
    }
    KONVOY_TRY(const auto before, app::read_record(invocation.value("work-dir")));
    request.hosts = app::unfinished(request.hosts, before);
  }
  return request;
}

// Terminal is not made for several threads; progress comes from all hosts at once.
app::ProvisionServices services_of(const Invocation& invocation,
                                   const app::Configuration& configuration, Terminal& terminal,
                                   std::mutex& mutex) {
  return {.open = opener_of(invocation),
          .configure = app::resolve_for_each(configuration),
          .events = progress_sink(invocation.value("progress"), terminal, mutex),
          .hide =
              [&terminal, &mutex](const base::Secret& secret) {
                const std::scoped_lock lock(mutex);
                terminal.hide(secret);
              },
          .stop = &stop_on_interrupt()};
}

base::Result<int> show_plan(const record::Record& record, const Invocation& invocation,
                            Terminal& terminal) {
  const auto format = invocation.value("output");
  if (format == "text") terminal.print(app::render_plan(record, true));
  else print_value(app::plan_value(record), format, terminal);
  return invocation.has("detailed-exitcode") ? app::detailed_exit_code(record)
                                             : app::exit_code(record);
}

base::Result<int> run(const Invocation& invocation, Terminal& terminal, bool only_plan) {
  KONVOY_TRY(const auto configuration, read_run_configuration(invocation, terminal));
  KONVOY_TRY(auto request, request_of(invocation, only_plan, configuration, terminal));
  std::mutex mutex;
  const auto services = services_of(invocation, configuration, terminal, mutex);
  if (only_plan) {
    KONVOY_TRY(const auto record, app::provision(request, services));
    return show_plan(record, invocation, terminal);
  }
  KONVOY_TRY(
      const auto generated,
      app::generate(configuration, {.work_dir = invocation.value("work-dir"),
                                    .for_later = app::is_generated(invocation.value("work-dir")),
                                    .version = KONVOY_VERSION}));
  request.work_directory = generated.work_dir;
  KONVOY_TRY(const auto record, app::provision(request, services));
  terminal.show_status({});
  const auto format = invocation.value("output");
  if (format == "text") {
    terminal.print(app::render_summary(record));
    terminal.say("record and logs: " + generated.work_dir);
  } else {
    print_value(app::provision_value(record, generated.work_dir), format, terminal);
  }
  return app::exit_code(record);
}

base::Result<int> run_plan(const Invocation& invocation, Terminal& terminal) {
  return run(invocation, terminal, true);
}

base::Result<int> run_provision(const Invocation& invocation, Terminal& terminal) {
  return run(invocation, terminal, invocation.has("dry-run") || invocation.has("check"));
}

std::vector<Option> run_options() {
  return {
      forks_option(),
      {.name = "only",
       .takes = Takes::values,
       .placeholder = "ROLE",
       .help = "only these roles or steps, as the plan names them"},
      {.name = "skip", .takes = Takes::values, .placeholder = "ROLE", .help = "not these"},
      {.name = "start-at",
       .takes = Takes::value,
       .placeholder = "STEP",
       .help = "begin with this step"},
      {.name = "accept-risk",
       .takes = Takes::values,
       .placeholder = "NAME",
       .help = "go on although the look before FIPS mode found this"},
      {.name = "provider",
       .takes = Takes::value,
       .placeholder = "NAME",
       .help = "what starts the machine: amazon, azure, googlecompute, vsphere or qemu"},
      {.name = "reboot", .help = "reboot hosts that need it for FIPS mode"},
      {.name = "max-unavailable",
       .takes = Takes::value,
       .placeholder = "N",
       .help = "hosts that are down for a reboot at once",
       .fallback = "1"},
      progress_option(),
      {.name = "detailed-exitcode", .help = "of a plan: 0 no changes, 2 changes, 1 any error"},
  };
}

std::vector<Positional> image_argument() {
  return {{.name = "IMAGE",
           .help = "image file, such as images/generic/centos-8.yaml; without one the defaults and "
                   "the host's facts decide",
           .required = false}};
}

}  // namespace

Command plan_command() {
  return {.path = "plan",
          .summary = "show what provision would change, and why",
          .description =
              "Looks at each host and shows, step by step, every change that 'provision' would "
              "make, with its reason and the difference in text files. Nothing is changed. A step "
              "that depends on a change not made yet is known after that step.",
          .positionals = image_argument(),
          .options = together({{output_option()}, input_options(), host_options(), run_options()}),
          .examples = {{.command = "konvoy-image plan --overrides overrides/fips.yaml --host n1 "
                                   "images/generic/centos-8.yaml",
                        .says = "what is missing on n1"}},
          .run = run_plan};
}

Command provision_command() {
  return {.path = "provision",
          .summary = "make Kubernetes nodes of hosts, or of an image root",
          .description =
              "Brings each host to what the configuration asks for: repositories, packages at "
              "their pinned versions, containerd, kubelet, kernel settings, and with "
              "fips.configure FIPS mode of the operating system. Only a shell is needed there. "
              "What is right already is not touched: a second run changes nothing.\n\n"
              "Ctrl-C stops after the running step, a second one at once. The record of the run is "
              "in the work directory and on each host in /var/lib/konvoy-image.\n\n"
              "Exit code 3 when a host failed, 4 when one was unreachable and none failed.",
          .positionals = image_argument(),
          .options = together({{output_option()},
                               input_options(),
                               host_options(),
                               run_options(),
                               {{.name = "dry-run", .help = "only show the plan"},
                                {.name = "check", .help = "the same as --dry-run"},
                                {.name = "resume",
                                 .help = "only hosts that the run of --work-dir did not finish"}}}),
          .examples = {{.command = "konvoy-image provision --overrides overrides/fips.yaml "
                                   "images/generic/centos-8.yaml",
                        .says = "all hosts of inventory.yaml"},
                       {.command = "konvoy-image provision --root /mnt/image "
                                   "images/generic/centos-8.yaml",
                        .says = "an image that is mounted there"}},
          .run = run_provision};
}

}  // namespace konvoy::cli
