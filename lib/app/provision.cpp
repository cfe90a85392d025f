#include "app/provision.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "app/provision_fips.hpp"
#include "app/provision_host.hpp"
#include "app/secrets.hpp"
#include "execute/host_log.hpp"
#include "system/file.hpp"
#include "system/parallel.hpp"

namespace konvoy::app {
namespace {

std::int64_t seconds_now(const system::Clock& clock) {
  return std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
}

std::string machine_name() {
  std::string name(256, '\0');
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  name.resize(name.find('\0'));
  return name;
}

std::string user_name() {
  for (const auto* variable : {"SUDO_USER", "USER", "LOGNAME"}) {
    if (const char* name = std::getenv(variable); name != nullptr && *name != '\0') return name;
  }
  return std::to_string(::getuid());
}

// The secrets of all hosts: an event of one may hold what another's configuration calls secret.
class SharedSecrets {
 public:
  void add(const base::Secret& secret) {
    const std::scoped_lock lock(mutex_);
    scrubber_.add(secret);
  }
  [[nodiscard]] base::Scrubber copy() {
    const std::scoped_lock lock(mutex_);
    return scrubber_;
  }

 private:
  std::mutex mutex_;
  base::Scrubber scrubber_;
};

// The host's own copy: about this host alone. A host where nothing was begun (refused, locked by
// another run, never reached) keeps the record that it has.
void leave_record(const ChosenHost& host, record::Record common, const record::HostRecord& own,
                  const base::Scrubber& scrubber, const ProvisionServices& services) {
  if (own.outcome.state == execute::HostState::unreachable || own.outcome.steps.empty()) return;
  auto target = services.open(host);
  if (!target) return;
  common.hosts = {own};
  const std::string path = host_record_path;
  const auto made = (*target)->perform(
      target::MakeDirectory{.path = path.substr(0, path.rfind('/')), .ownership = {.mode = 0755}},
      services.events);
  if (!made) return;
  // A full disk must not turn a run that succeeded into one that failed.
  [[maybe_unused]] const auto written = (*target)->perform(
      target::WriteFile{.path = path,
                        .content = base::Secret(record::render(common, scrubber)),
                        .ownership = {.mode = 0600}},
      services.events);
}

// The host's last word while others still run. A step that failed was told when it did.
base::Event last_word(const execute::HostOutcome& outcome) {
  using execute::StepState;
  if (outcome.error && outcome.failed_step() == nullptr) {
    return {.kind = base::Event::Kind::failed,
            .subject = outcome.host,
            .detail = outcome.error->message()};
  }
  return {.kind = base::Event::Kind::finished,
          .subject = outcome.host,
          .detail =
              fmt::format("{}, {} changed, {} unchanged", name_of(outcome.state),
                          outcome.count(StepState::changed), outcome.count(StepState::unchanged))};
}

}  // namespace

base::Result<record::Record> provision(const ProvisionRequest& request,
                                       const ProvisionServices& services) {
  SharedSecrets secrets;
  execute::HostLogs logs(request.work_directory, {});
  auto inner = services;
  inner.hide = [&](const base::Secret& secret) {
    secrets.add(secret);
    logs.hide(secret);
    if (services.hide) services.hide(secret);
  };
  inner.events = [&](const base::Event& event) {
    if (!request.only_plan) logs.write(event);
    if (services.events) services.events(event);
  };
  record::Record record{
      .tool_version = request.tool_version,
      .run_id = fmt::format("{:x}-{:x}", seconds_now(*services.clock), ::getpid()),
      .command = request.only_plan ? "plan" : "provision",
      .image = request.image,
      .started = seconds_now(*services.clock),
      .user = user_name(),
      .machine = machine_name(),
      .inputs = request.inputs};
  const auto common = record;
  // Written before the first change and after each host: whatever ends the run, the record says
  // which hosts were not done.
  for (const auto& host : request.hosts) {
    record.hosts.push_back(
        {.outcome = {.host = host.name(), .state = execute::HostState::interrupted}});
  }
  std::mutex record_mutex;
  const auto write_record = [&]() -> base::Result<void> {
    if (request.only_plan) return {};
    return system::write_file(request.work_directory + "/record.json",
                              record::render(record, secrets.copy()), {.mode = 0600});
  };
  KONVOY_CHECK(write_record());
  SharedWork shared{.executables = {},
                    .artifacts = ArtifactStore({.cache = request.cache,
                                                .strict = request.strict,
                                                .events = inner.events,
                                                .clock = services.clock})};
  system::in_parallel(request.hosts.size(), request.at_once, [&](std::size_t index) {
    const auto& host = request.hosts[index];
    auto done = provision_host(host, request, inner, common.run_id, shared);
    if (!request.only_plan) {
      leave_record(host, common, done, secrets.copy(), inner);
      inner.events(last_word(done.outcome));
    }
    const std::scoped_lock lock(record_mutex);
    record.hosts[index] = std::move(done);
    record.ended = seconds_now(*services.clock);
    // The last writing tells whether the record could be written.
    [[maybe_unused]] const auto written = write_record();
  });
  if (!request.only_plan) reboot_where_asked(request, inner, record);
  record.ended = seconds_now(*services.clock);
  KONVOY_CHECK(write_record());
  return record;
}

std::vector<ChosenHost> unfinished(const std::vector<ChosenHost>& hosts,
                                   const value::Value& record) {
  std::set<std::string> finished;
  const auto* list = record.at_path("hosts");
  if (list != nullptr && list->list() != nullptr) {
    for (const auto& host : *list->list()) {
      const auto* name = host.at_path("name");
      const auto* outcome = host.at_path("outcome");
      if (name != nullptr && name->is_string() && outcome != nullptr &&
          *outcome == value::Value("ok")) {
        finished.insert(*name->string());
      }
    }
  }
  std::vector<ChosenHost> left;
  std::ranges::copy_if(hosts, std::back_inserter(left),
                       [&](const ChosenHost& host) { return !finished.contains(host.name()); });
  return left;
}

}  // namespace konvoy::app
