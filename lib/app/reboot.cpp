#include "app/reboot.hpp"

#include <fmt/format.h>

#include <atomic>

#include "base/text.hpp"
#include "facts/gather.hpp"
#include "resource/host_keys.hpp"
#include "system/file.hpp"
#include "system/parallel.hpp"

namespace konvoy::app {
namespace {

using base::Event;

constexpr std::chrono::seconds pause_between_tries{5};
constexpr auto undo =
    "to start it without FIPS mode, edit its entry at the boot menu: fips=0 instead of fips=1";

/// The public keys that sshd may use in FIPS mode, without comments.
base::Result<std::vector<std::string>> read_host_keys(target::Target& target) {
  const std::vector<target::Probe> probes{resource::public_host_keys()};
  KONVOY_TRY(const auto answers, target.observe(probes));
  const auto* answer = std::get_if<target::CommandAnswer>(&answers.front());
  auto keys =
      answer == nullptr ? std::vector<std::string>() : resource::usable_in_fips_mode(answer->out);
  if (keys.empty()) {
    return base::Error(base::ErrorKind::check,
                       "sshd has no ECDSA or RSA host key: it could not be reached in FIPS mode",
                       "make one with 'ssh-keygen -A'");
  }
  return keys;
}

/// One host on its way down and up again.
class Reboot {
 public:
  Reboot(const RebootRequest& request, const RebootServices& services, std::size_t index)
      : host_(request.hosts[index].host),
        new_host_keys_(request.hosts[index].new_host_keys),
        request_(request),
        services_(services),
        known_hosts_(fmt::format("{}/known_hosts.{}", request.work_directory, index)) {
    outcome_.host = host_.name();
  }

  RebootOutcome run() {
    const auto done = go_down_and_up();
    if (!done) {
      outcome_.detail = done.error().message();
      tell(Event::Kind::failed, outcome_.detail);
    }
    return std::move(outcome_);
  }

 private:
  base::Result<void> go_down_and_up() {
    KONVOY_TRY(const auto target, services_.open(host_));
    if (!target->live()) return base::Error(base::ErrorKind::check, "nothing runs in an image");
    if (host_.host.connection.local) {
      return base::Error(base::ErrorKind::check,
                         "this is the machine we run on: reboot it yourself");
    }
    KONVOY_TRY(const auto before, facts::gather(*target));
    if (new_host_keys_) KONVOY_CHECK(make_host_keys(*target));
    KONVOY_TRY(outcome_.host_keys, read_host_keys(*target));
    KONVOY_CHECK(remember_keys());
    tell(Event::Kind::started, "reboots");
    // The connection may end before the command does: whether it worked is seen by the boot id.
    (void)target->perform(target::RunCommand{.argv = {"systemctl", "reboot"}}, services_.events);
    return wait(before.boot_id);
  }

  base::Result<void> make_host_keys(target::Target& target) {
    tell(Event::Kind::started, "makes new host keys");
    KONVOY_TRY(const auto made, target.perform(resource::new_host_keys(), services_.events));
    if (made.status == 0) return {};
    return base::Error(base::ErrorKind::run, fmt::format("new host keys could not be made: {}",
                                                         base::trim(made.out + made.err)));
  }

  base::Result<void> remember_keys() {
    // "*": the file is for this host alone, whatever name ssh's configuration gives it.
    std::string text;
    for (const auto& key : outcome_.host_keys) text += fmt::format("* {}\n", key);
    return system::write_file(known_hosts_, text, {.mode = 0600});
  }

  base::Result<void> wait(const std::string& old_boot_id) {
    const auto same_host = with_known_hosts(host_, known_hosts_);
    const auto end = services_.clock->steady() + request_.limit;
    std::string reason = "it never went down";
    while (services_.clock->steady() < end) {
      if (services_.stop != nullptr && services_.stop->at_once()) {
        return base::Error(base::ErrorKind::interrupted, "nobody waited for it to come back");
      }
      services_.clock->sleep(pause_between_tries);
      auto target = services_.open(same_host);
      if (!target) {
        reason = target.error().message();
        continue;
      }
      const auto facts = facts::gather(**target);
      if (!facts || facts->boot_id == old_boot_id) continue;
      outcome_.rebooted = true;
      tell(Event::Kind::finished, "is back");
      KONVOY_TRY(outcome_.signs, verify::check_fips_signs(**target, *facts));
      return {};
    }
    return base::Error(base::ErrorKind::unreachable,
                       fmt::format("did not come back within {} s ({}); {}", request_.limit.count(),
                                   reason, undo));
  }

  void tell(Event::Kind kind, std::string detail) const {
    if (!services_.events) return;
    services_.events(
        {.kind = kind, .subject = outcome_.host, .step = "reboot", .detail = std::move(detail)});
  }

  const ChosenHost& host_;
  bool new_host_keys_;
  const RebootRequest& request_;
  const RebootServices& services_;
  std::string known_hosts_;
  RebootOutcome outcome_;
};

}  // namespace

std::vector<RebootOutcome> reboot_hosts(const RebootRequest& request,
                                        const RebootServices& services) {
  std::vector<RebootOutcome> outcomes(request.hosts.size());
  std::atomic<bool> one_is_lost = false;
  const auto at_once = std::max<std::size_t>(request.max_unavailable, 1);
  system::in_parallel(request.hosts.size(), at_once, [&](std::size_t index) {
    const auto& host = request.hosts[index].host;
    const bool asked_to_stop = services.stop != nullptr && services.stop->asked();
    if (one_is_lost || asked_to_stop) {
      outcomes[index] = {.host = host.name(),
                         .detail = one_is_lost ? "not rebooted: another host did not come back"
                                               : "not rebooted: the run was stopped"};
      return;
    }
    outcomes[index] = Reboot(request, services, index).run();
    if (!outcomes[index].rebooted) one_is_lost = true;
  });
  return outcomes;
}

ChosenHost with_known_hosts(ChosenHost host, const std::string& file) {
  auto& arguments = host.host.connection.ssh_arguments;
  // Before the user's own: of an option that is given twice ssh takes the first.
  arguments.insert(arguments.begin(),
                   {"-o", "UserKnownHostsFile=" + file, "-o", "GlobalKnownHostsFile=/dev/null"});
  return host;
}

}  // namespace konvoy::app
