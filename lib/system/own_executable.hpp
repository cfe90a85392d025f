// Where we are ourselves.
#pragma once

#include <string>

#include "base/result.hpp"

namespace konvoy::system {

/// The full path of the executable that we are.
[[nodiscard]] base::Result<std::string> own_executable();

}  // namespace konvoy::system
