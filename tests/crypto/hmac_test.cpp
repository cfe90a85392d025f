#include "crypto/hmac.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/encoding.hpp"

namespace konvoy::crypto {

TEST_CASE("HMAC gives the published values") {
  // RFC 4231, test case 2.
  const auto short_code = hmac(DigestAlgorithm::sha256, "Jefe", "what do ya want for nothing?");
  REQUIRE(short_code.ok());
  CHECK(base::to_hex(*short_code) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const auto long_code = hmac(DigestAlgorithm::sha512, "Jefe", "what do ya want for nothing?");
  REQUIRE(long_code.ok());
  CHECK(base::to_hex(*long_code) ==
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

TEST_CASE("an empty key is a key") {
  // HMAC-SHA-256 with an empty key and an empty message, as `openssl mac` gives it.
  const auto code = hmac(DigestAlgorithm::sha256, "", "");
  REQUIRE(code.ok());
  CHECK(base::to_hex(*code) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("the code of a file is the code of its bytes") {
  const int file = memfd_create("hmac", MFD_CLOEXEC);
  REQUIRE(file >= 0);
  REQUIRE(write(file, "kernel", 6) == 6);
  CHECK(hmac_file(DigestAlgorithm::sha512, "FIPS-FTW-RHT2009", file) ==
        hmac(DigestAlgorithm::sha512, "FIPS-FTW-RHT2009", "kernel"));
  close(file);
}

}  // namespace konvoy::crypto
