// Image definitions, overrides and defaults: the user's, or those that come with the program.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace konvoy::app {

/// A file of the source tree that is part of the executable.
struct BundledFile {
  std::string_view path;  ///< "images/generic/centos-8.yaml"
  std::string_view bytes;
};

/// Everything in images/ and overrides/ that is part of the executable, ordered by path.
[[nodiscard]] std::span<const BundledFile> bundled_files();

/// A file as it was found. `name` is what the user typed; messages and records show it.
struct DataFile {
  std::string name;
  std::string bytes;
};

/// Where an installed program's images and overrides are, the first to look in first: beside its
/// executable (PREFIX/bin/konvoy-image has PREFIX/share/konvoy-image), then where packages put
/// them.
[[nodiscard]] std::vector<std::string> installed_data_directories(std::string_view executable);

/// The file `name`: as a path, else below `data_dir` (when that is not empty), else installed with
/// the program, else of the executable itself. Error (input): there is none of these; the hint
/// names bundled files that are close.
[[nodiscard]] base::Result<DataFile> read_data_file(const std::string& name,
                                                    const std::string& data_dir);

/// As read_data_file(), but never of the directory we are started in: what the program needs for
/// itself, such as its defaults.
[[nodiscard]] base::Result<DataFile> read_own_file(const std::string& name,
                                                   const std::string& data_dir);

}  // namespace konvoy::app
