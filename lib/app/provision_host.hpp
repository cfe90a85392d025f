// Private to the module: one machine from its first fact to its record.
#pragma once

#include "app/artifact_store.hpp"
#include "app/executable_check.hpp"
#include "app/provision.hpp"

namespace konvoy::app {

/// What the hosts of a run share.
struct SharedWork {
  ExecutableCheck executables;
  ArtifactStore artifacts;
};

/// Never fails as a whole: what went wrong is in the outcome.
[[nodiscard]] record::HostRecord provision_host(const ChosenHost& host,
                                                const ProvisionRequest& request,
                                                const ProvisionServices& services,
                                                const std::string& run_id, SharedWork& shared);

/// Where a host keeps the record of its last run.
inline constexpr auto host_record_path = "/var/lib/konvoy-image/record.json";

}  // namespace konvoy::app
