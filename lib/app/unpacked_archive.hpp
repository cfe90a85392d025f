// Private to the module: archives unpacked in the cache, by their digest.
#pragma once

#include <string>

#include "base/result.hpp"
#include "plan/artifacts.hpp"

namespace konvoy::app {

/// The content of the archive open as `descriptor`, which has this digest: unpacked below `cache`
/// if it was not yet. What an earlier run that was killed left is thrown away. Errors: input
/// (archive/extract.hpp), run (the disk).
[[nodiscard]] base::Result<plan::ArchiveContent> unpacked(int descriptor, const std::string& name,
                                                          const std::string& sha256,
                                                          const std::string& cache);

}  // namespace konvoy::app
