// Packages that different steps want, installed together.
#pragma once

#include "plan/step.hpp"

namespace konvoy::plan {

/// The step that join_packages() makes.
inline constexpr auto joined_packages = "packages/all";

/// Makes one step of all that only install packages (Step::packages), in the place of the first:
/// each transaction costs a package manager two starts. A set stays on its own when it comes after
/// a step that the first does not come after, such as its repository, or when its packages come
/// from elsewhere. Steps that came after a joined one come after the new one.
[[nodiscard]] Plan join_packages(Plan plan);

}  // namespace konvoy::plan
