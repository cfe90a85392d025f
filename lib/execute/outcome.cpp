#include "execute/outcome.hpp"

#include <algorithm>

namespace konvoy::execute {

std::string_view name_of(StepState state) {
  switch (state) {
    case StepState::unchanged: return "unchanged";
    case StepState::changed: return "changed";
    case StepState::failed: return "failed";
    case StepState::skipped: break;
  }
  return "skipped";
}

std::string_view name_of(HostState state) {
  switch (state) {
    case HostState::ok: return "ok";
    case HostState::failed: return "failed";
    case HostState::unreachable: return "unreachable";
    case HostState::interrupted: break;
  }
  return "interrupted";
}

std::size_t HostOutcome::count(StepState state_wanted) const {
  return static_cast<std::size_t>(
      std::ranges::count(steps, state_wanted, [](const StepOutcome& step) { return step.state; }));
}

const StepOutcome* HostOutcome::failed_step() const {
  const auto found = std::ranges::find(steps, StepState::failed, &StepOutcome::state);
  return found == steps.end() ? nullptr : &*found;
}

}  // namespace konvoy::execute
