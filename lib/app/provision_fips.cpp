#include "app/provision_fips.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/reboot.hpp"
#include "plan/fips.hpp"
#include "system/file.hpp"
#include "target/ssh_options.hpp"
#include "verify/fips_signs.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;
using execute::HostState;

/// What the steps bring about whatever runs, and whatever packages the system calls its own.
constexpr std::array brought_about{"configured", "initramfs", "policy", "module_files"};

value::Value to_value(const RebootOutcome& outcome) {
  value::List keys;
  for (const auto& key : outcome.host_keys) keys.emplace_back(key);
  value::Map map;
  map.set("rebooted", outcome.rebooted);
  map.set("detail", outcome.detail);
  map.set("host_keys", std::move(keys));
  return value::Value(std::move(map));
}

/// Why the machine is not what it was to become; nothing when it is.
std::optional<Error> reboot_error(const RebootOutcome& outcome) {
  if (!outcome.rebooted) {
    return Error(ErrorKind::run, fmt::format("the host was not rebooted: {}", outcome.detail));
  }
  if (!outcome.signs) {
    return Error(ErrorKind::run,
                 fmt::format("the host was rebooted, but its signs of FIPS mode are unknown: {}",
                             outcome.detail));
  }
  const auto& running = outcome.signs->sign("running");
  if (running.state == "yes") return std::nullopt;
  return Error(ErrorKind::check,
               fmt::format("the host came back without FIPS mode: {}", running.because),
               "look at the boot entry that it started: 'cat /proc/cmdline'");
}

// A known_hosts that has only a host's ed25519 key refuses the host from now on. Its other keys
// were read before the reboot, over a connection that was trusted.
void hand_over_keys(const RebootRequest& request, const std::vector<RebootOutcome>& outcomes,
                    const base::EventSink& events) {
  const auto file = request.work_directory + "/known_hosts";
  std::string text;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i].rebooted) continue;
    const auto& connection = request.hosts[i].host.host.connection;
    const auto name = target::known_hosts_name(
        connection.address.empty() ? outcomes[i].host : connection.address, connection.port);
    for (const auto& key : outcomes[i].host_keys) text += fmt::format("{} {}\n", name, key);
  }
  if (text.empty()) return;
  const auto written = system::write_file(file, text, {.mode = 0600});
  if (!events) return;
  for (const auto& outcome : outcomes) {
    if (!outcome.rebooted) continue;
    events({.kind = written ? base::Event::Kind::message : base::Event::Kind::warning,
            .subject = outcome.host,
            .step = "reboot",
            .detail = written
                          ? fmt::format("sshd shows no ed25519 key in FIPS mode; its other keys, "
                                        "read before, are in '{}': append it to known_hosts",
                                        file)
                          : written.error().message()});
  }
}

void note(const RebootOutcome& outcome, record::HostRecord& record) {
  record.reboot = to_value(outcome);
  if (outcome.rebooted) record.outcome.reboot_required = false;
  if (outcome.signs) record.fips = verify::to_value(*outcome.signs);
  if (auto error = reboot_error(outcome)) {
    record.outcome.state = HostState::failed;
    record.outcome.error = std::move(error);
  }
}

}  // namespace

void tell_fips_left_alone(const std::string& host, const facts::HostFacts& facts,
                          const base::EventSink& events) {
  const auto notice = plan::fips_left_alone(facts);
  if (!notice || !events) return;
  events({.kind = base::Event::Kind::warning,
          .subject = host,
          .step = "fips",
          .detail = notice->message});
}

base::Result<void> look_at_fips(target::Target& target, const plan::FipsSpec& fips,
                                record::HostRecord& record) {
  KONVOY_TRY(const auto mode, plan::decode_fips_mode(fips.settings));
  record.reboot_asked = mode.reboot;
  record.new_host_keys_asked = mode.regenerate_host_keys;
  KONVOY_TRY(const auto signs, verify::check_fips_signs(target, *record.after));
  record.fips = verify::to_value(signs);
  // An initramfs that can't be read would first be missed when a machine starts from the image.
  const bool bootable_image = !record.after->live && !record.after->kernels.empty();
  for (const auto& sign : signs.signs) {
    const bool unreadable = bootable_image && sign.name == "initramfs" && sign.state == "unknown";
    if ((sign.state != "no" && !unreadable) ||
        std::ranges::find(brought_about, sign.name) == brought_about.end()) {
      continue;
    }
    return Error(ErrorKind::check,
                 fmt::format("after all steps the sign '{}' of FIPS mode is '{}': {}", sign.name,
                             sign.state, sign.because),
                 "run with --only fips, and see what else changes these files");
  }
  return {};
}

void reboot_where_asked(const ProvisionRequest& request, const ProvisionServices& services,
                        record::Record& record) {
  RebootRequest reboot{.max_unavailable = request.max_unavailable,
                       .limit = request.reboot_limit,
                       .work_directory = request.work_directory};
  std::vector<record::HostRecord*> records;
  for (std::size_t i = 0; i < record.hosts.size(); ++i) {
    auto& one = record.hosts[i];
    const bool asked = request.reboot || one.reboot_asked;
    if (!asked || !one.outcome.reboot_required || one.outcome.state != HostState::ok) continue;
    reboot.hosts.push_back({request.hosts[i], one.new_host_keys_asked});
    records.push_back(&one);
  }
  const auto outcomes = reboot_hosts(reboot, {.open = services.open,
                                              .events = services.events,
                                              .stop = services.stop,
                                              .clock = services.clock});
  for (std::size_t i = 0; i < outcomes.size(); ++i) note(outcomes[i], *records[i]);
  hand_over_keys(reboot, outcomes, services.events);
}

}  // namespace konvoy::app
