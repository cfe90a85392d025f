// bench-tasks KEY ADDRESS=KNOWN_HOSTS...: sixty ordinary tasks on every host at once, over ssh as
// root, through the real resources and the real executor. tests/bench/ansible.py gives Ansible the
// same tasks. Prints "changed N unchanged N kilobytes N": of all hosts together, and the most
// memory that this process had. Exit status 0, or 1 with the reason on stderr.
#include <fmt/format.h>
#include <sys/resource.h>

#include <mutex>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/text.hpp"
#include "execute/run_host.hpp"
#include "facts/gather.hpp"
#include "plan/step.hpp"
#include "resource/advice.hpp"
#include "resource/command.hpp"
#include "resource/file.hpp"
#include "resource/text_setting.hpp"
#include "system/parallel.hpp"
#include "target/ssh_target.hpp"

namespace {

using namespace konvoy;

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

plan::Plan sixty_tasks(const std::string& host, const facts::HostFacts& facts) {
  plan::Plan plan;
  const auto add = [&](std::string id, resource::Resource resource) {
    plan.add({.id = std::move(id), .resource = std::move(resource), .because = {}});
  };
  const auto file = [](std::string path, std::string content, unsigned mode) {
    return as_resource(resource::File{
        .path = std::move(path), .content = std::move(content), .ownership = {.mode = mode}});
  };
  for (int i = 0; i < 10; ++i) {
    add(fmt::format("copy/{}", i), file(fmt::format("/etc/b-copy{}.conf", i),
                                        repeated(fmt::format("line {}\n", i), 20), 0644));
    add(fmt::format("template/{}", i),
        file(fmt::format("/etc/b-tmpl{}.conf", i),
             fmt::format("host={}\nn={}\nos={}\n", host, i, facts.running_kernel), 0600));
    add(fmt::format("line/{}", i),
        as_resource(resource::Line{.path = "/etc/b-copy0-li.conf",
                                   .line = fmt::format("key{}=1", i),
                                   .instead_of = fmt::format("key{}=", i)}));
    add(fmt::format("sysctl/{}", i), file(fmt::format("/etc/sysctl.d/9{}-b.conf", i),
                                          fmt::format("net.core.somaxconn={}\n", 1024 + i), 0644));
    add(fmt::format("directory/{}", i),
        as_resource(resource::Directory{.path = fmt::format("/opt/b/dir{}", i),
                                        .ownership = {.mode = 0755}}));
  }
  for (int i = 0; i < 5; ++i) {
    add(fmt::format("stat/{}", i),
        as_resource(resource::Advice{.name = fmt::format("{}", i),
                                     .path = fmt::format("/etc/b-copy{}.conf", i),
                                     .message = "is not there",
                                     .hint = {}}));
    add(fmt::format("command/{}", i),
        as_resource(resource::GuardedCommand{.name = fmt::format("uname {}", i),
                                             .run = {.argv = {"false"}},
                                             .unless = {"uname", "-r"}}));
  }
  return plan;
}

struct Totals {
  std::mutex mutex;
  std::size_t changed = 0;
  std::size_t unchanged = 0;
  std::vector<std::string> failures;
};

base::Result<execute::HostOutcome> run(const std::string& key, const std::string& address,
                                       const std::string& known_hosts) {
  KONVOY_TRY(const auto target, target::connect_ssh({.host = address,
                                                     .user = "root",
                                                     .key_file = key,
                                                     .config_file = "none",
                                                     .known_hosts = known_hosts}));
  KONVOY_TRY(const auto facts, facts::gather(*target));
  return execute::apply_host(*target, facts, sixty_tasks(address, facts), {.run_id = "bench"});
}

void add(const std::string& address, const base::Result<execute::HostOutcome>& outcome,
         Totals& totals) {
  const std::scoped_lock lock(totals.mutex);
  if (!outcome || outcome->state != execute::HostState::ok) {
    totals.failures.push_back(
        fmt::format("{}: {}", address, outcome ? "a step failed" : outcome.error().message()));
    return;
  }
  for (const auto& step : outcome->steps) {
    ++(step.state == execute::StepState::changed ? totals.changed : totals.unchanged);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::vector<std::string> hosts(argv + 2, argv + argc);
  Totals totals;
  system::in_parallel(hosts.size(), hosts.size(), [&](std::size_t index) {
    const auto words = base::split(hosts[index], '=');
    add(words[0], run(argv[1], words[0], words.back()), totals);
  });
  for (const auto& failure : totals.failures) fmt::print(stderr, "{}\n", failure);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("changed {} unchanged {} kilobytes {}\n", totals.changed, totals.unchanged,
             usage.ru_maxrss);
  return totals.failures.empty() ? 0 : 1;
}
