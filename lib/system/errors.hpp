// What the operating system says, as our errors.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace konvoy::system {

/// "no such file or directory": strerror() in our style (lower case) and safe in threads.
[[nodiscard]] std::string describe_errno(int error);

/// "cannot WHAT 'PATH': REASON", with a remedy where there is a usual one (a full disk, a read-only
/// file system, missing permission).
[[nodiscard]] base::Error system_error(base::ErrorKind kind, std::string_view what,
                                       std::string_view path, int error);

}  // namespace konvoy::system
