// Why Packer failed, from what it printed, in the user's terms.
#pragma once

#include <string_view>

#include "base/diagnostic.hpp"

namespace konvoy::packer {

/// The failure with its remedy, for those that people meet: a missing plugin, no credentials, a
/// quota, an instance type or a source image that is not there, an instance that ssh can't reach.
/// Otherwise Packer's own last error line.
[[nodiscard]] base::Diagnostic explain_failure(std::string_view output);

}  // namespace konvoy::packer
