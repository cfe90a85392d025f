// HMAC with SHA-2 (FIPS 198-1), through OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/digest.hpp"

namespace konvoy::crypto {

/// A message authentication code that is fed piece by piece.
class Hmac {
 public:
  static base::Result<Hmac> start(DigestAlgorithm algorithm, std::string_view key);

  base::Result<void> update(std::string_view bytes);
  /// The raw code, as long as the digest. Nothing may be fed after it.
  base::Result<std::string> finish();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  explicit Hmac(void* context) : context_(context) {}

  std::unique_ptr<void, Free> context_;
};

/// The raw code of `message`.
[[nodiscard]] base::Result<std::string> hmac(DigestAlgorithm algorithm, std::string_view key,
                                             std::string_view message);

/// The raw code of an open file, read as digest_file() reads it.
[[nodiscard]] base::Result<std::string> hmac_file(DigestAlgorithm algorithm, std::string_view key,
                                                  int descriptor);

}  // namespace konvoy::crypto
