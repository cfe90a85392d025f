// A configuration with its templates evaluated for one machine.
#pragma once

#include "app/configuration.hpp"
#include "app/provision.hpp"

namespace konvoy::app {

/// Gives for each machine the variables that provisioning needs: its inventory variables in their
/// place, templates evaluated with its facts. `configuration` must outlive what is returned. Errors
/// (input): every template that can't be evaluated, each with its place.
[[nodiscard]] ConfigurationFor resolve_for_each(const Configuration& configuration);

}  // namespace konvoy::app
