#include "plan/sysprep.hpp"

#include "resource/file.hpp"
#include "resource/matching_absent.hpp"

namespace konvoy::plan {
namespace {

using resource::Absent;
using resource::Emptied;
using resource::MatchingAbsent;

template <class Kind>
void add(Plan& plan, std::string id, Kind wanted, std::string reason) {
  plan.add({.id = "sysprep/" + std::move(id),
            .resource = as_resource(std::move(wanted)),
            .because = {std::move(reason), {}}});
}

void add_identity(Plan& plan) {
  // machine-id(5): an empty file is filled in at boot; one that is missing counts as first boot
  // only where the file system is writable early.
  add(plan, "machine-id", Emptied{"/etc/machine-id"}, "each machine has its own");
  add(plan, "dbus-machine-id", Absent{.path = "/var/lib/dbus/machine-id"},
      "each machine has its own");
  add(plan, "host-keys", MatchingAbsent{"/etc/ssh", "ssh_host_*"},
      "each machine has its own, made in FIPS mode where that is on");
  add(plan, "random-seed", Absent{.path = "/var/lib/systemd/random-seed"},
      "a seed that many machines share is none");
  add(plan, "network-leases", MatchingAbsent{"/var/lib/NetworkManager", "*.lease"},
      "they belong to the machine that built");
  add(plan, "cloud-init", MatchingAbsent{"/var/lib/cloud", "*"}, "cloud-init must run again");
}

void add_traces(Plan& plan) {
  for (const auto* log : {"wtmp", "lastlog", "btmp", "messages", "secure", "cron", "dnf.log",
                          "dnf.rpm.log", "dnf.librepo.log", "hawkey.log", "yum.log",
                          "audit/audit.log", "cloud-init.log", "cloud-init-output.log"}) {
    add(plan, std::string("log-") + log, Emptied{std::string("/var/log/") + log},
        "it tells of the machine that built");
  }
  add(plan, "journal", MatchingAbsent{"/var/log/journal", "*"},
      "it tells of the machine that built");
  add(plan, "shell-history", Absent{.path = "/root/.bash_history"}, "nobody worked here");
  for (const auto* cache : {"/var/cache/dnf", "/var/cache/yum"}) {
    add(plan, std::string("cache-") + (cache + std::string_view("/var/cache/").size()),
        MatchingAbsent{cache, "*"}, "packages and metadata are fetched anew");
  }
  add(plan, "dnf-history", MatchingAbsent{"/var/lib/dnf", "history.sqlite*"},
      "it holds the times of the build");
  for (const auto* directory : {"/tmp", "/var/tmp"}) {
    add(plan, std::string("files") + (std::string_view(directory) == "/tmp" ? "-tmp" : "-var-tmp"),
        MatchingAbsent{directory, "*"}, "temporary files of the build");
  }
  add(plan, "actions", MatchingAbsent{"/var/lib/konvoy-image/actions", "*"},
      "they belong to the run that built");
}

}  // namespace

Plan plan_sysprep() {
  auto plan = plan_subscription_end();
  add_identity(plan);
  add_traces(plan);
  return plan;
}

}  // namespace konvoy::plan
