// What became of a plan on one host.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/error.hpp"

namespace konvoy::execute {

enum class StepState { unchanged, changed, failed, skipped };

/// "unchanged", "changed", "failed", "skipped".
[[nodiscard]] std::string_view name_of(StepState state);

/// One change that was made, or in a plan would be made.
struct Change {
  std::string action;  ///< "write /etc/hosts"
  std::string reason;  ///< "content differs"
  std::string diff;    ///< unified, without secrets; may be empty
  bool operator==(const Change&) const = default;
};

struct StepOutcome {
  std::string step;      ///< the step's id
  std::string resource;  ///< "file /etc/hosts"
  std::string because;   ///< the step's reason
  StepState state = StepState::unchanged;
  std::vector<Change> changes;
  /// In a plan: the step before this one whose change must be made before anything is known.
  std::string known_after;
  std::vector<base::Diagnostic> problems;  ///< why it failed; and warnings
  double seconds = 0;
  int attempts = 1;
};

enum class HostState { ok, failed, unreachable, interrupted };

/// "ok", "failed", "unreachable", "interrupted".
[[nodiscard]] std::string_view name_of(HostState state);

struct HostOutcome {
  std::string host;
  HostState state = HostState::ok;
  std::vector<StepOutcome> steps;  ///< in the plan's order; after a failure the rest is skipped
  bool reboot_required = false;
  std::optional<base::Error> error;  ///< what ended it
  double seconds = 0;

  [[nodiscard]] std::size_t count(StepState state_wanted) const;
  /// The step that failed; null when none did.
  [[nodiscard]] const StepOutcome* failed_step() const;
};

}  // namespace konvoy::execute
