// What commands share that run for long: Ctrl-C, the files a run was made from, and the cache.
#pragma once

#include <string>
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

/// Where downloads are kept from run to run: below $XDG_CACHE_HOME (XDG base directory
/// specification), else in ~/.cache.
[[nodiscard]] std::string cache_directory();

}  // namespace konvoy::cli
