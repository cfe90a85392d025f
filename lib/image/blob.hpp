// A file with its digest, as OCI layouts name their content.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::image {

struct Blob {
  std::string path;
  std::string digest;      ///< "sha256:" and 64 hexadecimal digits
  std::uint64_t size = 0;  ///< bytes
};

/// A raw SHA-256 as layouts name it.
[[nodiscard]] std::string digest_name(std::string_view sha256);

/// Reads the whole file. Error of kind input when it can't be read.
[[nodiscard]] base::Result<Blob> blob_of(const std::string& path);

}  // namespace konvoy::image
