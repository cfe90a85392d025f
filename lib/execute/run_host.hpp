// A plan on one host: observe, decide, act.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/event.hpp"
#include "execute/outcome.hpp"
#include "facts/host_facts.hpp"
#include "plan/step.hpp"
#include "system/clock.hpp"
#include "target/target.hpp"

namespace konvoy::execute {

/// How often the user asked to stop: once ends the run after the step that runs, twice at once.
class StopRequest {
 public:
  void ask() { asked_.fetch_add(1); }
  [[nodiscard]] bool asked() const { return asked_.load() > 0; }
  [[nodiscard]] bool at_once() const { return asked_.load() > 1; }

 private:
  std::atomic<int> asked_ = 0;
};

/// What surrounds a run.
struct Surroundings {
  std::string run_id;  ///< part of the ids of detached commands
  system::Clock* clock = &system::real_clock();
  std::function<double()> random;  ///< 0 to 1; empty: always 1
  const StopRequest* stop = nullptr;
  base::EventSink events;
  int most_attempts = 6;  ///< of one step whose network fails
  std::chrono::seconds lock_patience{900};
  /// Whether the user lets us wait for a host that went away for this long before giving it up.
  int most_reconnects = 3;
};

/// What would change. Nothing is changed.
[[nodiscard]] HostOutcome plan_host(target::Target& target, const facts::HostFacts& facts,
                                    const plan::Plan& plan, const Surroundings& around);

/// Brings the plan about, step after step; the first step that fails ends it.
[[nodiscard]] HostOutcome apply_host(target::Target& target, const facts::HostFacts& facts,
                                     const plan::Plan& plan, const Surroundings& around);

}  // namespace konvoy::execute
