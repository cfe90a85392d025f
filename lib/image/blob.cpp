#include "image/blob.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "system/descriptor.hpp"

namespace konvoy::image {

std::string digest_name(std::string_view sha256) {
  return "sha256:" + base::to_hex(sha256);
}

base::Result<Blob> blob_of(const std::string& path) {
  const system::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    return base::Error(base::ErrorKind::input, fmt::format("'{}' can't be read", path));
  }
  KONVOY_TRY(const auto found, crypto::digest_file(crypto::DigestAlgorithm::sha256, file.fd()));
  return Blob{path, digest_name(found.digest), found.size};
}

}  // namespace konvoy::image
