#include "app/sysprep.hpp"

#include "execute/run_host.hpp"
#include "plan/sysprep.hpp"

namespace konvoy::app {

base::Result<void> sysprep(target::Target& target, const facts::HostFacts& facts,
                           std::string run_id, const ProvisionServices& services) {
  const auto outcome = execute::apply_host(target, facts, plan::plan_sysprep(),
                                           {.run_id = std::move(run_id),
                                            .clock = services.clock,
                                            .random = {},
                                            .stop = services.stop,
                                            .events = services.events});
  if (outcome.state == execute::HostState::ok) return {};
  return outcome.error.value();
}

}  // namespace konvoy::app
