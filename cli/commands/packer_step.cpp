#include "app/packer_step.hpp"

#include <mutex>

#include "app/open_target.hpp"
#include "app/resolved_configuration.hpp"
#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/progress.hpp"
#include "cli/running.hpp"

namespace konvoy::cli {
namespace {

base::Result<int> run(const Invocation& invocation, Terminal& terminal) {
  const auto work_directory = invocation.value("work-dir");
  auto inputs = configuration_inputs(invocation, terminal);
  // What 'generate' wrote is the whole configuration already.
  inputs.image = work_directory + "/config.yaml";
  KONVOY_TRY(const auto configuration, app::read_configuration(inputs));
  for (const auto& layer : configuration.layers) hide_secrets(layer.value, terminal);
  KONVOY_TRY(auto host, app::host_of({.address = invocation.value("instance"),
                                      .key_file = invocation.value("key-file"),
                                      .password_file = invocation.value("password-file")},
                                     work_directory));
  terminal.hide(host.host.connection.password);
  KONVOY_TRY(auto files, digests_of(configuration));
  const app::ProvisionRequest request{.image = inputs.image,
                                      .hosts = {std::move(host)},
                                      .reboot = true,
                                      .work_directory = work_directory,
                                      .cache = cache_directory(),
                                      .strict = terminal.settings().strict,
                                      .inputs = std::move(files),
                                      .tool_version = KONVOY_VERSION};
  std::mutex mutex;
  const app::ProvisionServices services{.open = app::open_with({.accept_new_keys = true}),
                                        .configure = app::resolve_for_each(configuration),
                                        .events = progress_sink("plain", terminal, mutex),
                                        .hide =
                                            [&](const base::Secret& secret) {
                                              const std::scoped_lock lock(mutex);
                                              terminal.hide(secret);
                                            },
                                        .stop = &stop_on_interrupt()};
  const auto end =
      invocation.has("power-off") ? app::AtTheEnd::power_off : app::AtTheEnd::leave_it_on;
  KONVOY_CHECK(app::provision_instance(request, services, end));
  return 0;
}

}  // namespace

Command packer_step_command() {
  return {
      .path = "packer-step",
      .summary = "provision the instance that Packer made (called by our template)",
      .description =
          "For Packer's shell-local provisioner, in our template or in one of your own: provisions "
          "the instance with the configuration of a work directory, reboots it where FIPS mode "
          "needs that, checks it, and at last takes away what is the instance's own. Nothing may "
          "log in after it.",
      .options =
          {
              {.name = "work-dir",
               .takes = Takes::value,
               .placeholder = "DIR",
               .help = "what 'konvoy-image generate' wrote"},
              {.name = "instance",
               .takes = Takes::value,
               .placeholder = "HOST",
               .help = "USER@HOST:PORT, from build.User, build.Host and build.Port"},
              {.name = "key-file",
               .takes = Takes::value,
               .placeholder = "FILE",
               .help = "private key, from build.SSHPrivateKey"},
              {.name = "password-file",
               .takes = Takes::value,
               .placeholder = "FILE",
               .help = "file with the password, from build.Password"},
              {.name = "run-id",
               .takes = Takes::value,
               .placeholder = "ID",
               .help = "Packer's id of the run, from build.PackerRunUUID"},
              {.name = "power-off",
               .help = "turn the instance off at the end; for the qemu builder with its "
                       "user network, whose shutdown_command could not log in any more"},
          },
      .run = run};
}

}  // namespace konvoy::cli
