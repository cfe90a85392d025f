// A temporary directory that is also the working directory, until it ends.
#pragma once

#include <filesystem>

#include "system/file.hpp"

namespace konvoy::test {

class WorkingDirectory {
 public:
  WorkingDirectory()
      : old_(std::filesystem::current_path()), directory_(*system::TemporaryDirectory::make()) {
    std::filesystem::current_path(directory_.path());
  }
  ~WorkingDirectory() { std::filesystem::current_path(old_); }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

 private:
  std::filesystem::path old_;
  system::TemporaryDirectory directory_;
};

}  // namespace konvoy::test
