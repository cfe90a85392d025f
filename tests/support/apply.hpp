// Applying a resource to the fake machine, as the executor does: ask, decide, act.
#pragma once

#include <string>

#include "base/text.hpp"
#include "resource/resource.hpp"
#include "support/fake_target.hpp"

namespace konvoy::test {

/// Asks until the resource has decided; at most three rounds.
inline resource::Decision decided(FakeTarget& machine, const facts::HostFacts& facts,
                                  const resource::Resource& what) {
  resource::Observations seen;
  auto decision = what.decide(facts, seen);
  for (int round = 0; round < 3; ++round) {
    const auto* more = std::get_if<resource::NeedMore>(&decision);
    if (more == nullptr) break;
    const auto probes = more->probes;
    const auto answers = machine.observe(probes);
    for (std::size_t i = 0; i < probes.size(); ++i) seen.add(probes[i], (*answers)[i]);
    decision = what.decide(facts, seen);
  }
  return decision;
}

/// What became of apply().
struct Applied {
  resource::Decision decision;
  std::string text;    ///< a line an action: "write /etc/a"; "refused: ..."; "nothing"
  bool done = false;   ///< every action was performed and no command failed
  bool ended = false;  ///< the budget ran out before an action
};

/// Decides and performs, at most `budget` actions (then `ended`): each action takes one of it.
inline Applied apply(FakeTarget& machine, const facts::HostFacts& facts,
                     const resource::Resource& what, int& budget) {
  Applied applied{.decision = decided(machine, facts, what)};
  if (const auto* refusal = std::get_if<resource::Refusal>(&applied.decision)) {
    applied.text = "refused: " + refusal->problem.message;
    return applied;
  }
  const auto* actions = std::get_if<resource::Actions>(&applied.decision);
  if (actions == nullptr) {
    applied.text = "open";
    return applied;
  }
  std::vector<std::string> lines;
  for (const auto& planned : actions->actions) {
    if (budget-- <= 0) {
      applied.ended = true;
      return applied;
    }
    lines.push_back(target::describe(planned.action));
    const auto result = machine.perform(planned.action, {});
    if (!result || result->status != 0) {
      lines.push_back("failed");
      applied.text = base::join(lines, "\n");
      return applied;
    }
  }
  applied.done = true;
  applied.text = lines.empty() ? "nothing" : base::join(lines, "\n");
  return applied;
}

inline Applied apply(FakeTarget& machine, const facts::HostFacts& facts,
                     const resource::Resource& what) {
  int budget = 1000;
  return apply(machine, facts, what, budget);
}

}  // namespace konvoy::test
