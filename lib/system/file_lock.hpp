// One process at a time: a lock that ends with its holder, even by SIGKILL.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "system/descriptor.hpp"

namespace konvoy::system {

/// An exclusive flock(2) on a file, which is made (0600) when it is not there and never removed.
class FileLock {
 public:
  /// Nothing when someone else holds it; their note is then in the file.
  static base::Result<std::optional<FileLock>> try_lock(const std::string& path,
                                                        const std::string& note = {});
  /// The same, as soon as nobody else holds it.
  static base::Result<FileLock> lock(const std::string& path);

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace konvoy::system
