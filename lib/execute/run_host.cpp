#include "execute/run_host.hpp"

#include <fmt/format.h>

#include "execute/step_runner.hpp"
#include "execute/survey.hpp"

namespace konvoy::execute {
namespace {

using resource::Actions;
using resource::Refusal;

HostState state_for(base::ErrorKind kind) {
  if (kind == base::ErrorKind::unreachable) return HostState::unreachable;
  if (kind == base::ErrorKind::interrupted) return HostState::interrupted;
  return HostState::failed;
}

void end_with(HostOutcome& host, base::Error error) {
  host.state = state_for(error.kind);
  host.error = std::move(error);
}

double seconds_since(const Surroundings& around, std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(around.clock->steady() - start).count();
}

// What a finding means for a plan: everything that would happen.
StepOutcome planned(const plan::Step& step, Finding finding) {
  auto outcome = describe_step(step);
  outcome.known_after = finding.known_after;
  if (!finding.known_after.empty()) {
    outcome.state = StepState::changed;
    return outcome;
  }
  if (auto* refusal = std::get_if<Refusal>(&finding.decision)) {
    outcome.state = StepState::failed;
    outcome.problems.push_back(std::move(refusal->problem));
    return outcome;
  }
  auto& actions = std::get<Actions>(finding.decision);
  outcome.problems = std::move(actions.warnings);
  for (const auto& action : actions.actions) outcome.changes.push_back(describe_change(action));
  if (!outcome.changes.empty()) outcome.state = StepState::changed;
  return outcome;
}

void skip_from(HostOutcome& host, const plan::Plan& plan, std::size_t index) {
  for (auto i = index; i < plan.steps.size(); ++i) {
    auto outcome = describe_step(plan.steps[i]);
    outcome.state = StepState::skipped;
    host.steps.push_back(std::move(outcome));
  }
}

base::Error interrupted() {
  return {base::ErrorKind::interrupted, "the run was stopped before it was done",
          "run again: what is done is not repeated"};
}

}  // namespace

HostOutcome plan_host(target::Target& target, const facts::HostFacts& facts, const plan::Plan& plan,
                      const Surroundings& around) {
  HostOutcome host{.host = target.name()};
  const auto start = around.clock->steady();
  auto findings = survey(target, facts, plan.steps, Survey::everything);
  if (!findings) {
    end_with(host, std::move(findings).error());
    skip_from(host, plan, 0);
    return host;
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto* actions = std::get_if<Actions>(&(*findings)[i].decision);
    if (actions != nullptr && actions->needs_reboot) host.reboot_required = true;
    host.steps.push_back(planned(plan.steps[i], std::move((*findings)[i])));
    if (host.steps.back().state == StepState::failed && !host.error) {
      end_with(host, base::Error(base::ErrorKind::run, host.steps.back().problems.front()));
    }
  }
  host.seconds = seconds_since(around, start);
  return host;
}

HostOutcome apply_host(target::Target& target, const facts::HostFacts& facts,
                       const plan::Plan& plan, const Surroundings& around) {
  HostOutcome host{.host = target.name()};
  const auto start = around.clock->steady();
  StepRunner runner(target, facts, around);
  auto findings = survey(target, facts, plan.steps, Survey::up_to_change);
  if (!findings) {
    end_with(host, std::move(findings).error());
    skip_from(host, plan, 0);
    return host;
  }
  bool anything_changed = false;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (around.stop != nullptr && around.stop->asked()) {
      end_with(host, interrupted());
      skip_from(host, plan, i);
      break;
    }
    auto& finding = (*findings)[i];
    auto result = runner.run(plan.steps[i], anything_changed || !finding.settled()
                                                ? std::nullopt
                                                : std::optional(std::move(finding)));
    anything_changed = anything_changed || result.outcome.state == StepState::changed ||
                       !result.outcome.changes.empty();
    host.reboot_required = host.reboot_required || result.needs_reboot;
    host.steps.push_back(std::move(result.outcome));
    if (result.error) {
      end_with(host, *std::move(result.error));
      skip_from(host, plan, i + 1);
      break;
    }
  }
  host.seconds = seconds_since(around, start);
  return host;
}

}  // namespace konvoy::execute
