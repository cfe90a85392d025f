// Private to the module: building on the miniature root where there is no base image.
#pragma once

#include <string>

#include "app/build.hpp"

namespace konvoy::app {

/// Makes the miniature root in `root`, with a repository of all packages that the configuration
/// asks for. Error of kind input when the definition is not that of an EL 8 system that it can
/// stand for.
[[nodiscard]] base::Result<void> make_miniature_base(const std::string& root,
                                                     const BuildRequest& request,
                                                     const ProvisionServices& services);

/// The configuration with the repositories replaced by the one inside the miniature root.
[[nodiscard]] ConfigurationFor with_miniature_repository(ConfigurationFor configure);

}  // namespace konvoy::app
