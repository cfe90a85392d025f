// SHA-2 of bytes, streams and open files (FIPS 180-4), through OpenSSL.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::crypto {

enum class DigestAlgorithm { sha256, sha384, sha512 };

/// "SHA2-256": OpenSSL's name, the same in the default and in the FIPS provider.
[[nodiscard]] std::string_view name_of(DigestAlgorithm algorithm);
/// Bytes of a digest: 32, 48 or 64.
[[nodiscard]] std::size_t size_of(DigestAlgorithm algorithm);

/// A digest that is fed piece by piece. Errors (kind run) come from a broken OpenSSL configuration
/// only: a FIPS provider that is asked for and missing.
class Digest {
 public:
  static base::Result<Digest> start(DigestAlgorithm algorithm);

  base::Result<void> update(std::string_view bytes);
  /// The raw digest. Nothing may be fed after it.
  base::Result<std::string> finish();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  explicit Digest(void* context) : context_(context) {}

  std::unique_ptr<void, Free> context_;
};

/// The raw digest of `bytes`.
[[nodiscard]] base::Result<std::string> digest(DigestAlgorithm algorithm, std::string_view bytes);

struct FileDigest {
  std::string digest;      ///< raw
  std::uint64_t size = 0;  ///< bytes that were read
  bool operator==(const FileDigest&) const = default;
};

/// Reads the open file `descriptor` from its start to its end, in pieces, without moving its
/// position: what is digested is what the same descriptor gives afterwards, whatever happens to
/// the path. Errors: read failures, kind run.
[[nodiscard]] base::Result<FileDigest> digest_file(DigestAlgorithm algorithm, int descriptor);

/// SHA-256 as 64 lower case hexadecimal digits.
[[nodiscard]] base::Result<std::string> sha256_hex(std::string_view bytes);

/// Whether both texts are the same; takes the same time wherever they differ. The lengths are not
/// secret.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace konvoy::crypto
