// One step, with everything that can come in between.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "execute/outcome.hpp"
#include "execute/run_host.hpp"
#include "execute/survey.hpp"

namespace konvoy::execute {

struct StepResult {
  StepOutcome outcome;
  bool needs_reboot = false;
  std::optional<base::Error> error;  ///< ends the run on this host
};

/// Runs steps on one host. A failing network is tried again with growing pauses; a package manager
/// that is busy is waited for; after a lost connection the step is observed and decided anew.
class StepRunner {
 public:
  StepRunner(target::Target& target, const facts::HostFacts& facts, const Surroundings& around)
      : target_(&target), facts_(&facts), around_(&around) {}

  /// `finding`: what is known already; nothing: the step is observed first.
  [[nodiscard]] StepResult run(const plan::Step& step, std::optional<Finding> finding);

 private:
  /// How often a set of packages may be changed before it is as it must be.
  static constexpr int most_decisions = 3;
  enum class Next { done, again };

  base::Result<Next> attempt(const plan::Step& step, std::optional<Finding> finding,
                             StepResult& result);
  base::Result<Next> perform_all(const plan::Step& step, const resource::Actions& actions,
                                 StepResult& result);
  base::Result<Next> perform(const plan::Step& step, target::Action action, StepResult& result);
  /// "dnf (process 123)"; empty when nobody holds a lock of the package manager.
  base::Result<std::string> lock_holder();
  base::Result<void> wait_for_package_manager(const plan::Step& step);
  /// What comes after a failure that `said` speaks of: the reason, another attempt, or its error.
  base::Result<Next> after_failure(const plan::Step& step, base::Error error, std::string_view said,
                                   StepResult& result);
  base::Result<Next> pause(const plan::Step& step, const base::Error& cause, StepResult& result);
  /// Before it is done: a detached action with its id, by which it is found on the machine.
  void announce(const plan::Step& step, const target::Action& action) const;
  void tell(base::Event::Kind kind, const plan::Step& step, std::string detail) const;
  /// Takes what the target tells of its work, under the names of the host and the step.
  [[nodiscard]] base::EventSink events_of(const plan::Step& step) const;

  target::Target* target_;
  const facts::HostFacts* facts_;
  const Surroundings* around_;
  int decisions_ = 0;  // of the running step
};

/// The outcome of a step before anything happened.
[[nodiscard]] StepOutcome describe_step(const plan::Step& step);
[[nodiscard]] Change describe_change(const resource::PlannedAction& action);

}  // namespace konvoy::execute
