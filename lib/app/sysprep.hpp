// Private to the module: a machine becomes what an image is made of.
#pragma once

#include <string>

#include "app/provision.hpp"

namespace konvoy::app {

/// Takes away what is one machine's own (plan::plan_sysprep). `run_id` names what is done in the
/// machine's log. Errors: those of the step that failed.
[[nodiscard]] base::Result<void> sysprep(target::Target& target, const facts::HostFacts& facts,
                                         std::string run_id, const ProvisionServices& services);

}  // namespace konvoy::app
