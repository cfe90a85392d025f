// Which steps of a plan are done: --only, --skip, --start-at.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "plan/step.hpp"

namespace konvoy::plan {

struct Selection {
  std::vector<std::string> only;  ///< roles, or ids of steps; empty: all
  std::vector<std::string> skip;  ///< roles, or ids of steps
  std::string start_at;           ///< the id of a step; empty: the first
  bool operator==(const Selection&) const = default;
};

/// The selected steps in their order. Error of kind usage: a name that the plan does not know.
[[nodiscard]] base::Result<Plan> select(Plan plan, const Selection& selection);

}  // namespace konvoy::plan
