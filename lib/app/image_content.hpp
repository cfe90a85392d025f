// Private to the module: what is done to an image's root while it lies open.
#pragma once

#include <string>

#include "app/build.hpp"

namespace konvoy::app {

struct ImageContent {
  record::Record record;
  std::string labels;
  std::vector<base::Diagnostic> warnings;
};

/// Provisions the root at `directory`, takes away what is one machine's own, checks that it now is
/// what was asked for, labels files, and leaves a record in it that holds no times. Errors: run
/// when a step failed, check when the image would be no FIPS image.
[[nodiscard]] base::Result<ImageContent> fill_image(const std::string& directory,
                                                    const BuildRequest& request,
                                                    const ProvisionServices& services);

}  // namespace konvoy::app
