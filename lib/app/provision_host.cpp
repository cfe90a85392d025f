#include "app/provision_host.hpp"

#include <fmt/format.h>

#include "app/provision_fips.hpp"
#include "app/secrets.hpp"
#include "crypto/digest.hpp"
#include "facts/gather.hpp"
#include "facts/unsupported.hpp"
#include "json/reader.hpp"
#include "json/render.hpp"
#include "plan/fips.hpp"
#include "plan/planners.hpp"
#include "plan/transactions.hpp"
#include "target/host_lock.hpp"

namespace konvoy::app {
namespace {

using base::Error;
using base::ErrorKind;
using base::Event;
using execute::HostState;

// Everything known about a machine before anything is decided.
struct Prepared {
  plan::Spec spec;
  plan::Plan plan;
  std::string configuration_sha256;
  std::vector<record::Artifact> artifacts;
};

// One run at a time on a machine. What a run that was killed left is taken over.
class HostLock {
 public:
  static base::Result<HostLock> take(target::Target& target, const std::string& run_id,
                                     const ProvisionServices& services) {
    HostLock lock(target, target::this_process(run_id), services.events);
    const auto ended = [&] { return services.stop != nullptr && services.stop->asked(); };
    KONVOY_CHECK(
        target::lock_host(target, lock.holder_,
                          {.clock = services.clock, .events = services.events, .ended = ended}));
    return lock;
  }
  void give_back() {
    const auto given = target::unlock_host(*target_, holder_);
    if (given || !*events_) return;
    (*events_)({.kind = Event::Kind::warning,
                .subject = target_->name(),
                .step = "lock",
                .detail = given.error().message()});
  }

 private:
  HostLock(target::Target& target, target::LockHolder holder, const base::EventSink& events)
      : target_(&target), holder_(std::move(holder)), events_(&events) {}

  target::Target* target_;
  target::LockHolder holder_;
  const base::EventSink* events_;
};

void end_with(record::HostRecord& record, const Error& error) {
  record.outcome.state = error.kind == ErrorKind::unreachable   ? HostState::unreachable
                         : error.kind == ErrorKind::interrupted ? HostState::interrupted
                                                                : HostState::failed;
  record.outcome.error = error;
}

base::Result<Prepared> prepare(const ChosenHost& host, const facts::HostFacts& facts,
                               const ProvisionRequest& request, const ProvisionServices& services,
                               ArtifactStore& artifacts) {
  if (const auto refusal = facts::refuse_unsupported(facts)) return Error(ErrorKind::run, *refusal);
  KONVOY_TRY(const auto configuration, services.configure(host, facts));
  if (services.hide) {
    for (const auto& secret : secrets_in(configuration)) services.hide(secret);
  }
  KONVOY_TRY(auto spec, plan::decode_spec(configuration));
  KONVOY_TRY(auto found, artifacts.find(spec));
  plan::Plan plan;
  auto node = plan::make_plan(spec, facts, found.artifacts);
  // A root without any kernel boots nothing: there is no FIPS mode to configure, only executables.
  const bool boots = facts.live || !facts.kernels.empty();
  spec.fips.configure.value = spec.fips.configure.value && boots;
  if (spec.fips.configure.value) {
    KONVOY_TRY(auto mode, plan::decode_fips_mode(spec.fips.settings));
    mode.accepted_risks = request.accepted_risks;
    mode.only_repository = plan::package_set(spec, {}).only_repository;
    plan.add(plan::plan_fips_preflight(mode));
    for (auto& step : node.steps) plan.add(std::move(step));
    for (auto& step : plan::plan_fips(mode, facts)) plan.add(std::move(step));
  } else {
    plan = std::move(node);
  }
  KONVOY_TRY(auto selected, plan::select(std::move(plan), request.selection));
  selected = plan::look_before_packages(plan::join_packages(std::move(selected)), spec, facts);
  if (request.disposable_roots) selected = plan::without_trials(std::move(selected));
  KONVOY_TRY(auto digest,
             crypto::sha256_hex(json::render(configuration, {.indent = 0, .sort_keys = true})));
  return Prepared{std::move(spec), std::move(selected), std::move(digest),
                  std::move(found.origins)};
}

// What the last run left on the host; nothing where there was none, or none that can be read.
std::vector<record::Executable> known_executables(target::Target& target) {
  std::vector<record::Executable> known;
  const std::vector<target::Probe> probe = {target::ReadProbe{.path = host_record_path}};
  const auto answers = target.observe(probe);
  if (!answers) return known;
  const auto* read = std::get_if<target::ReadAnswer>(&answers->front());
  if (read == nullptr || !read->content) return known;
  const auto document = json::parse(host_record_path, *read->content);
  if (!document) return known;
  const auto* hosts = document->at_path("hosts");
  if (hosts == nullptr || hosts->list() == nullptr || hosts->list()->empty()) return known;
  const auto* list = hosts->list()->front().at_path("executables");
  if (list == nullptr || list->list() == nullptr) return known;
  for (const auto& item : *list->list()) {
    const auto text = [&](std::string_view key) {
      const auto* found = item.at_path(key);
      return found != nullptr && found->is_string() ? *found->string() : std::string();
    };
    known.push_back({text("path"), text("sha256"), text("class")});
  }
  return known;
}

base::Result<void> check_executables(target::Target& target, ExecutableCheck& executables,
                                     record::HostRecord& record,
                                     const ProvisionServices& services) {
  KONVOY_TRY(auto checked, executables.check(target, known_executables(target)));
  record.executables = std::move(checked.executables);
  if (services.events) {
    for (const auto& warning : checked.warnings) {
      services.events({.kind = Event::Kind::warning,
                       .subject = target.name(),
                       .step = "executables",
                       .detail = warning.message});
    }
  }
  if (checked.failures.empty()) return {};
  return Error(ErrorKind::run, std::move(checked.failures));
}

base::Result<void> look_at_packages(target::Target& target, record::HostRecord& record) {
  KONVOY_TRY(auto after, facts::gather(target));
  record.after = std::move(after);
  const std::vector<target::Probe> probe = {
      target::CommandProbe{.argv = record::packages_command(), .output_limit = 16U << 20U}};
  KONVOY_TRY(const auto answers, target.observe(probe));
  if (const auto* answer = std::get_if<target::CommandAnswer>(&answers.front())) {
    record.packages = record::parse_packages(answer->out);
  }
  return {};
}

base::Result<void> complete_and_look(target::Target& target, const plan::FipsSpec& fips,
                                     ExecutableCheck& executables, record::HostRecord& record,
                                     const ProvisionServices& services) {
  if (services.complete) KONVOY_CHECK(services.complete(target, *record.before, services));
  KONVOY_CHECK(look_at_packages(target, record));
  if (fips.configure.value) KONVOY_CHECK(look_at_fips(target, fips, record));
  if (!fips.enabled.value) return {};
  return check_executables(target, executables, record, services);
}

execute::Surroundings surroundings(const ProvisionServices& services, const std::string& run_id) {
  return {.run_id = run_id,
          .clock = services.clock,
          .random = {},
          .stop = services.stop,
          .events = services.events};
}

}  // namespace

record::HostRecord provision_host(const ChosenHost& host, const ProvisionRequest& request,
                                  const ProvisionServices& services, const std::string& run_id,
                                  SharedWork& shared) {
  record::HostRecord record{.outcome = {.host = host.name()}};
  auto target = services.open(host);
  if (!target) {
    end_with(record, target.error());
    return record;
  }
  auto facts = facts::gather(**target);
  if (!facts) {
    end_with(record, facts.error());
    return record;
  }
  record.before = *facts;
  const auto prepared = prepare(host, *facts, request, services, shared.artifacts);
  if (!prepared) {
    end_with(record, prepared.error());
    return record;
  }
  record.configuration_sha256 = prepared->configuration_sha256;
  record.artifacts = prepared->artifacts;
  const auto& fips = prepared->spec.fips;
  if (!fips.configure.value) tell_fips_left_alone(host.name(), *facts, services.events);
  const auto around = surroundings(services, run_id);
  if (request.only_plan) {
    record.outcome = execute::plan_host(**target, *facts, prepared->plan, around);
    record.outcome.host = host.name();
    return record;
  }
  std::optional<HostLock> lock;
  if (!request.disposable_roots) {  // nobody else knows of those
    auto taken = HostLock::take(**target, run_id, services);
    if (!taken) {
      end_with(record, taken.error());
      return record;
    }
    lock = *std::move(taken);
  }
  record.outcome = execute::apply_host(**target, *facts, prepared->plan, around);
  record.outcome.host = host.name();
  if (record.outcome.state == HostState::ok) {
    const auto looked = complete_and_look(**target, fips, shared.executables, record, services);
    if (!looked) end_with(record, looked.error());
  }
  if (lock && record.outcome.state != HostState::unreachable) lock->give_back();
  return record;
}

}  // namespace konvoy::app
