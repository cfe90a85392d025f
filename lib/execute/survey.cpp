#include "execute/survey.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace konvoy::execute {
namespace {

constexpr int most_rounds = 3;

using resource::Actions;
using resource::NeedMore;

bool changes(const Finding& finding) {
  if (!finding.known_after.empty()) return true;
  const auto* actions = std::get_if<Actions>(&finding.decision);
  return actions != nullptr && !actions->actions.empty();
}

// Packages and services that are right already stay so, whatever is changed before them.
bool stays(const plan::Step& step, const Finding& finding) {
  const auto* actions = std::get_if<Actions>(&finding.decision);
  return actions != nullptr && actions->actions.empty() &&
         (step.resource.kind == "package" || step.resource.kind == "service");
}

// The earlier step that hides `steps[index]`; empty when none does.
std::string hidden_by(const std::vector<plan::Step>& steps, const std::vector<Finding>& findings,
                      std::size_t index) {
  if (stays(steps[index], findings[index])) return {};
  for (const auto& id : steps[index].after) {
    for (std::size_t i = 0; i < index; ++i) {
      if (steps[i].id == id && changes(findings[i])) return id;
    }
  }
  return {};
}

bool asks(const Finding& finding) {
  return finding.known_after.empty() && std::holds_alternative<NeedMore>(finding.decision);
}

// Marks what an earlier change hides; in a run nothing behind the first change is asked further.
void hide(const std::vector<plan::Step>& steps, std::vector<Finding>& findings, Survey how) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (findings[i].known_after.empty()) findings[i].known_after = hidden_by(steps, findings, i);
  }
  if (how == Survey::everything) return;
  const auto first = std::ranges::find_if(findings, changes);
  if (first == findings.end()) return;
  const auto& id = steps[static_cast<std::size_t>(first - findings.begin())].id;
  for (auto later = std::next(first); later != findings.end(); ++later) {
    if (later->known_after.empty()) later->known_after = id;
  }
}

// Asks what all open findings want to know, each probe once.
base::Result<void> ask(target::Target& target, std::vector<Finding>& findings) {
  std::vector<target::Probe> probes;
  for (const auto& finding : findings) {
    if (!asks(finding)) continue;
    for (const auto& probe : std::get<NeedMore>(finding.decision).probes) {
      if (std::ranges::find(probes, probe) == probes.end()) probes.push_back(probe);
    }
  }
  if (probes.empty()) return {};
  KONVOY_TRY(const auto answers, target.observe(probes));
  for (auto& finding : findings) {
    if (!asks(finding)) continue;
    for (const auto& probe : std::get<NeedMore>(finding.decision).probes) {
      const auto place = std::ranges::find(probes, probe) - probes.begin();
      finding.seen.add(probe, answers[static_cast<std::size_t>(place)]);
    }
  }
  return {};
}

}  // namespace

base::Result<std::vector<Finding>> survey(target::Target& target, const facts::HostFacts& facts,
                                          const std::vector<plan::Step>& steps, Survey how) {
  std::vector<Finding> findings(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    findings[i].decision = steps[i].resource.decide(facts, findings[i].seen);
  }
  for (int round = 0; round < most_rounds && std::ranges::any_of(findings, asks); ++round) {
    KONVOY_CHECK(ask(target, findings));
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (asks(findings[i])) {
        findings[i].decision = steps[i].resource.decide(facts, findings[i].seen);
      }
    }
    hide(steps, findings, how);
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!asks(findings[i])) continue;
    findings[i].decision = resource::Refusal{
        {.message = fmt::format("'{}' still asks after {} rounds", steps[i].id, most_rounds),
         .hint = "this is a mistake of konvoy-image"}};
  }
  return findings;
}

base::Result<Finding> observe_step(target::Target& target, const facts::HostFacts& facts,
                                   const plan::Step& step) {
  KONVOY_TRY(auto findings, survey(target, facts, {step}, Survey::everything));
  return std::move(findings.front());
}

}  // namespace konvoy::execute
