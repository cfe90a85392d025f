// The secrets of a configuration, for what must not let them through.
#pragma once

#include <vector>

#include "base/secret.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// Every text at or below a part of `value` that is marked as secret, and each part of a URL's
/// "user:password@" in any text.
[[nodiscard]] std::vector<base::Secret> secrets_in(const value::Value& value);

}  // namespace konvoy::app
