// Finds the programs below paths, inside archives and inside images.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"

namespace konvoy::app {

/// One file's bytes, valid during the call, under the path people know it by.
using ProgramVisitor =
    std::function<base::Result<void>(const std::string& path, std::string_view bytes)>;

/// Told when a file of an image's lower layer is removed by a higher one: the path, and whether
/// everything below it goes, but not itself.
using ProgramRemover = std::function<void(const std::string& path, bool only_content)>;

struct ProgramWalk {
  ProgramVisitor visit;
  ProgramRemover remove;
  std::vector<base::Diagnostic>* problems = nullptr;
};

/// Visits what `path` is or holds: the file itself whatever it is, or every ELF file of a
/// directory, archive or OCI layout. Archives inside archives are opened to a depth of 3. A path
/// that is visited twice is the same file, replaced.
[[nodiscard]] base::Result<void> walk_programs(const std::string& path, const ProgramWalk& walk);

}  // namespace konvoy::app
