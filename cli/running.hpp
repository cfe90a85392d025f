// What commands share that run for long: Ctrl-C, and the files a run was made from.
#pragma once

#include <vector>

#include "app/configuration.hpp"
#include "base/result.hpp"
#include "execute/run_host.hpp"
#include "record/record.hpp"

namespace konvoy::cli {

/// From now on the first SIGINT or SIGTERM asks the run to stop after its step, and the second ends
/// the program with status 130. Gives what the run looks at.
[[nodiscard]] const execute::StopRequest& stop_on_interrupt();

/// The files of a configuration with their digests, for the record.
[[nodiscard]] base::Result<std::vector<record::Input>> digests_of(
    const app::Configuration& configuration);

}  // namespace konvoy::cli
