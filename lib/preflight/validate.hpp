// Is this machine fit to become a Kubernetes node? Pure checks over what was gathered.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "preflight/check.hpp"
#include "preflight/host_state.hpp"

namespace konvoy::preflight {

/// All checks of every host, in the order of check_names(). A check that `settings.ignored` names
/// and that fails or warns is skipped, with its reason. On a node that kubeadm has set up, checks
/// that only make sense before are skipped.
[[nodiscard]] std::vector<std::vector<Check>> validate(std::span<const HostState> hosts,
                                                       const Settings& settings);

/// Whether no check failed.
[[nodiscard]] bool passed(const std::vector<Check>& checks);

}  // namespace konvoy::preflight
