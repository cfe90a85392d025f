// What makes an image of a machine: everything that is one machine's own goes.
#pragma once

#include "plan/step.hpp"

namespace konvoy::plan {

/// A registration that we made ends: the first step of plan_sysprep(), and all that is left to do
/// after a build that failed.
[[nodiscard]] Plan plan_subscription_end();

/// The last steps of a build, never of `provision`: machine id, ssh host keys, logs, random seed,
/// state of cloud-init and of the network, caches of packages, temporary files. Afterwards the
/// image's first boot makes each anew.
[[nodiscard]] Plan plan_sysprep();

}  // namespace konvoy::plan
