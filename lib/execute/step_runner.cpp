#include "execute/step_runner.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.hpp"
#include "execute/network_failure.hpp"

namespace konvoy::execute {
namespace {

using base::Error;
using base::ErrorKind;
using base::Event;
using resource::Actions;
using resource::Refusal;

// The last lines of what a command wrote, for a message.
std::string tail(const target::ActionResult& result) {
  const auto text = base::trim(result.err).empty() ? result.out : result.err;
  auto lines = base::split_lines(base::trim(text));
  constexpr std::ptrdiff_t most = 8;
  if (std::ssize(lines) > most) lines.erase(lines.begin(), lines.end() - most);
  return base::join(lines, "\n");
}

bool uses_package_manager(const target::RunCommand& command) {
  return !command.argv.empty() && (command.argv.front() == "dnf" || command.argv.front() == "yum" ||
                                   command.argv.front() == "rpm");
}

Error failure_of(const target::RunCommand& command, const target::ActionResult& result) {
  base::Diagnostic problem{.message = fmt::format("'{}' failed with status {}",
                                                  target::describe(command), result.status)};
  if (result.status == 124) {
    problem.message = fmt::format("'{}' did not end within {} s", target::describe(command),
                                  command.timeout.count());
  }
  if (auto output = tail(result); !output.empty()) problem.notes.push_back({std::move(output), {}});
  return {ErrorKind::run, std::move(problem)};
}

// The failure under what explains it.
Error with_reason(Error failure, const Refusal& reason) {
  auto& problem = failure.diagnostics.front();
  auto notes = std::move(problem.notes);
  notes.insert(notes.begin(), {std::move(problem.message), {}});
  problem = reason.problem;
  problem.notes = std::move(notes);
  return failure;
}

// "/", which a step's id has, can't be in the name of a directory on the host.
std::string action_id(const std::string& run_id, const plan::Step& step, int attempt) {
  return fmt::format("{}.{}.{}", run_id, base::replace_all(step.id, "/", "."), attempt);
}

}  // namespace

StepOutcome describe_step(const plan::Step& step) {
  return {.step = step.id,
          .resource = step.resource.kind + " " + step.resource.name,
          .because = step.because.reason};
}

Change describe_change(const resource::PlannedAction& action) {
  return {target::describe(action.action), action.reason, action.diff};
}

void StepRunner::tell(Event::Kind kind, const plan::Step& step, std::string detail) const {
  if (!around_->events) return;
  around_->events(
      {.kind = kind, .subject = target_->name(), .step = step.id, .detail = std::move(detail)});
}

void StepRunner::announce(const plan::Step& step, const target::Action& action) const {
  if (!around_->events) return;
  const auto* command = std::get_if<target::RunCommand>(&action);
  around_->events({.kind = Event::Kind::started,
                   .subject = target_->name(),
                   .step = step.id,
                   .detail = target::describe(action),
                   .action = command == nullptr ? "" : command->id});
}

base::EventSink StepRunner::events_of(const plan::Step& step) const {
  if (!around_->events) return {};
  return [this, &step](base::Event event) {
    event.subject = target_->name();
    event.step = step.id;
    around_->events(event);
  };
}

StepResult StepRunner::run(const plan::Step& step, std::optional<Finding> finding) {
  StepResult result{.outcome = describe_step(step)};
  result.outcome.attempts = 0;
  decisions_ = 0;
  const auto start = around_->clock->steady();
  for (;;) {
    ++result.outcome.attempts;
    auto next = attempt(step, std::exchange(finding, std::nullopt), result);
    // A lost connection: the machine may be in any state, so the step begins anew.
    if (!next && next.error().kind == ErrorKind::unreachable &&
        result.outcome.attempts <= around_->most_reconnects) {
      next = pause(step, next.error(), result);
    }
    if (!next) {
      result.outcome.state = StepState::failed;
      for (const auto& problem : next.error().diagnostics) {
        result.outcome.problems.push_back(problem);
      }
      result.error = std::move(next).error();
      break;
    }
    if (*next == Next::done) break;
  }
  if (!result.error && !result.outcome.changes.empty()) result.outcome.state = StepState::changed;
  result.outcome.seconds = std::chrono::duration<double>(around_->clock->steady() - start).count();
  tell(result.error ? Event::Kind::failed : Event::Kind::finished, step,
       result.error ? result.error->message() : std::string(name_of(result.outcome.state)));
  return result;
}

base::Result<StepRunner::Next> StepRunner::attempt(const plan::Step& step,
                                                   std::optional<Finding> finding,
                                                   StepResult& result) {
  if (!finding) {
    KONVOY_TRY(auto fresh, observe_step(*target_, *facts_, step));
    finding = std::move(fresh);
  }
  if (const auto* refusal = std::get_if<Refusal>(&finding->decision)) {
    const auto said = refusal->problem.message;
    return after_failure(step, Error(ErrorKind::run, refusal->problem), said, result);
  }
  const auto& actions = std::get<Actions>(finding->decision);
  for (const auto& warning : actions.warnings) {
    tell(Event::Kind::warning, step, warning.message);
    result.outcome.problems.push_back(warning);
  }
  if (actions.needs_reboot) result.needs_reboot = true;
  if (actions.actions.empty()) return Next::done;
  KONVOY_TRY(const auto next, perform_all(step, actions, result));
  // Packages are looked at again: what was done may only have made the transaction possible.
  if (next == Next::again || step.resource.kind != "package") return next;
  if (++decisions_ > most_decisions) {
    return Error(ErrorKind::run, "the packages are still not as they must be",
                 "the log of this host shows what was tried");
  }
  return Next::again;
}

base::Result<StepRunner::Next> StepRunner::perform_all(const plan::Step& step,
                                                       const Actions& actions, StepResult& result) {
  for (const auto& action : actions.actions) {
    KONVOY_TRY(const auto next, perform(step, action.action, result));
    if (next == Next::again) return Next::again;
    result.outcome.changes.push_back(describe_change(action));
  }
  return Next::done;
}

base::Result<StepRunner::Next> StepRunner::perform(const plan::Step& step, target::Action action,
                                                   StepResult& result) {
  auto* command = std::get_if<target::RunCommand>(&action);
  if (command != nullptr && command->detached) {
    command->id = action_id(around_->run_id, step, result.outcome.attempts);
  }
  announce(step, action);
  if (command == nullptr) {
    KONVOY_CHECK(target_->perform(action, events_of(step)));
    return Next::done;
  }
  if (uses_package_manager(*command)) KONVOY_CHECK(wait_for_package_manager(step));
  KONVOY_TRY(const auto done, target_->perform(action, events_of(step)));
  if (done.interrupted) {
    return pause(step,
                 Error(ErrorKind::run,
                       fmt::format("'{}' was interrupted on the host", target::describe(action))),
                 result);
  }
  if (done.status == 0) return Next::done;
  return after_failure(step, failure_of(*command, done), done.out + done.err, result);
}

base::Result<StepRunner::Next> StepRunner::after_failure(const plan::Step& step, Error error,
                                                         std::string_view said,
                                                         StepResult& result) {
  const bool ending = around_->stop != nullptr && around_->stop->asked();
  if (step.explanation && !ending) {
    const auto finding =
        observe_step(*target_, *facts_, {.id = step.id, .resource = *step.explanation});
    const auto* refusal = finding ? std::get_if<Refusal>(&finding->decision) : nullptr;
    if (refusal != nullptr) return with_reason(std::move(error), *refusal);
  }
  if (is_network_failure(said)) return pause(step, error, result);
  return error;
}

base::Result<StepRunner::Next> StepRunner::pause(const plan::Step& step, const Error& cause,
                                                 StepResult& result) {
  const int next_attempt = result.outcome.attempts + 1;
  if (next_attempt > around_->most_attempts) {
    return Error(cause).with_note(fmt::format("it was tried {} times", result.outcome.attempts));
  }
  if (around_->stop != nullptr && around_->stop->asked()) return cause;
  const auto time = backoff(next_attempt, around_->random ? around_->random() : 1.0);
  tell(Event::Kind::warning, step,
       fmt::format("{}; trying again in {:.0f} s", cause.message(),
                   std::chrono::duration<double>(time).count()));
  around_->clock->sleep(time);
  return Next::again;
}

base::Result<std::string> StepRunner::lock_holder() {
  // Where yum 3.4 and dnf 4 write the pid of the process that holds their lock.
  static const std::array<std::string, 3> pid_files = {
      "/var/run/yum.pid", "/var/cache/dnf/metadata_lock.pid", "/var/lib/dnf/rpmdb_lock.pid"};
  std::vector<target::Probe> probes;
  probes.reserve(pid_files.size());
  for (const auto& path : pid_files) probes.emplace_back(target::ReadProbe{.path = path});
  KONVOY_TRY(const auto answers, target_->observe(probes));
  std::vector<target::Probe> commands;
  for (const auto& answer : answers) {
    const auto* read = std::get_if<target::ReadAnswer>(&answer);
    if (read == nullptr || !read->content) continue;
    const auto pid = base::trim(*read->content);
    if (!pid.empty()) {
      commands.emplace_back(target::ReadProbe{.path = fmt::format("/proc/{}/comm", pid)});
    }
  }
  if (commands.empty()) return std::string();
  KONVOY_TRY(const auto names, target_->observe(commands));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto* name = std::get_if<target::ReadAnswer>(&names[i]);
    // A process that was killed left its file behind: then nobody has this pid.
    if (name == nullptr || !name->content) continue;
    const auto& path = std::get<target::ReadProbe>(commands[i]).path;
    return fmt::format("{} (process {})", base::trim(*name->content), base::split(path, '/')[2]);
  }
  return std::string();
}

base::Result<void> StepRunner::wait_for_package_manager(const plan::Step& step) {
  if (!facts_->live) return {};
  const auto start = around_->clock->steady();
  for (bool told = false;; told = true) {
    KONVOY_TRY(const auto holder, lock_holder());
    if (holder.empty()) return {};
    if (around_->clock->steady() - start > around_->lock_patience) {
      return Error(ErrorKind::run, "the package manager is still in use by " + holder,
                   "see what it does there, then run again");
    }
    if (!told) tell(Event::Kind::progress, step, "waiting for the package manager: " + holder);
    around_->clock->sleep(std::chrono::seconds(2));
  }
}

}  // namespace konvoy::execute
