// The machine we run on, or the root of an image: files through one rooted handle, commands here or
// (for an image) in namespaces of their own.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "target/target.hpp"

namespace konvoy::target {

struct RootOptions {
  std::string path = "/";  ///< "/" is the running system; anything else an image root
  std::string name;        ///< what people call it; empty: "local", or the path
  bool offline = false;    ///< commands in an image have no network even when they ask for it
};

/// Error of kind input when the path is no directory. A program that uses this for an image calls
/// system::enter_root_if_asked() first in its main().
[[nodiscard]] base::Result<std::unique_ptr<Target>> open_root(const RootOptions& options);

}  // namespace konvoy::target
