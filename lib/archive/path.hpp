// Names inside archives, which anyone may have chosen.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::archive {

/// `name` without "./", doubled and trailing slashes: "./usr//bin/" is "usr/bin", "." is "".
/// A leading slash and ".." stay, so that a list shows what is really there.
[[nodiscard]] std::string normalize(std::string_view name);

/// The normalized name, if it can only lead below the directory it is put under. Refused (kind
/// input): an absolute name, a ".." part, an empty part name, a NUL byte.
[[nodiscard]] base::Result<std::string> safe_path(std::string_view name);

/// Whether a symbolic link at `path` (a safe path) with this target stays below the top by its
/// text alone: relative, and never more ".." than there are directories above it.
[[nodiscard]] bool link_stays_inside(std::string_view path, std::string_view target);

}  // namespace konvoy::archive
