// Observing many resources in as few round trips as they need.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "facts/host_facts.hpp"
#include "plan/step.hpp"
#include "target/target.hpp"

namespace konvoy::execute {

/// What is known of a step so far.
struct Finding {
  resource::Decision decision = resource::NeedMore{};
  /// What the decision was made from.
  resource::Observations seen;
  /// The step whose change comes first: its own observation says nothing yet. Empty otherwise.
  std::string known_after;

  /// Whether the decision is more than a question.
  [[nodiscard]] bool settled() const {
    return known_after.empty() && !std::holds_alternative<resource::NeedMore>(decision);
  }
};

enum class Survey {
  everything,   ///< for a plan: what an earlier change does not hide is found out
  up_to_change  ///< for a run: behind the first change everything is observed again anyway
};

/// One Finding a step. The probes of all steps go out together, at most three times; a probe that
/// several steps ask is sent once. A step that still asks after three rounds is refused. Errors:
/// those of Target::observe.
[[nodiscard]] base::Result<std::vector<Finding>> survey(target::Target& target,
                                                        const facts::HostFacts& facts,
                                                        const std::vector<plan::Step>& steps,
                                                        Survey how);

/// The same for one step alone.
[[nodiscard]] base::Result<Finding> observe_step(target::Target& target,
                                                 const facts::HostFacts& facts,
                                                 const plan::Step& step);

}  // namespace konvoy::execute
