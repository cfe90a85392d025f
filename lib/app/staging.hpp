// The place beside a result where a build works, gone afterwards whatever happens.
#pragma once

#include <string>

#include "base/result.hpp"
#include "system/descriptor.hpp"

namespace konvoy::app {

/// A directory ".konvoy-build-<random>" on the file system of the result, held by a lock that ends
/// with the process. Making one removes those that killed builds left in the same directory,
/// together with their loop devices.
class Staging {
 public:
  static base::Result<Staging> make(const std::string& parent);
  Staging(Staging&& other) noexcept = default;
  Staging& operator=(Staging&&) = delete;
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The raw disk image in it; builds of disks keep it locked.
  [[nodiscard]] std::string disk() const;

 private:
  Staging(std::string path, system::Descriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  system::Descriptor lock_;
};

}  // namespace konvoy::app
