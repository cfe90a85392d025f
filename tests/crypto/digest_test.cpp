#include "crypto/digest.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/encoding.hpp"

namespace konvoy::crypto {
namespace {

std::string hex(const base::Result<std::string>& raw) {
  REQUIRE(raw.ok());
  return base::to_hex(*raw);
}

}  // namespace

TEST_CASE("digests give the published values of 'abc'") {
  // FIPS 180-4 example values, NIST "SHA_All.pdf".
  CHECK(hex(digest(DigestAlgorithm::sha256, "abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(digest(DigestAlgorithm::sha384, "abc")) ==
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
        "8086072ba1e7cc2358baeca134c825a7");
  CHECK(hex(digest(DigestAlgorithm::sha512, "abc")) ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  CHECK(sha256_hex("") == base::Result<std::string>("e3b0c44298fc1c149afbf4c8996fb924"
                                                    "27ae41e4649b934ca495991b7852b855"));
}

TEST_CASE("a digest fed in pieces is the digest of the whole") {
  auto running = Digest::start(DigestAlgorithm::sha256);
  REQUIRE(running.ok());
  CHECK(running->update("a").ok());
  CHECK(running->update("").ok());
  CHECK(running->update("bc").ok());
  CHECK(hex(running->finish()) == hex(digest(DigestAlgorithm::sha256, "abc")));
}

TEST_CASE("a file is digested from its start whatever its position") {
  const int file = memfd_create("digest", MFD_CLOEXEC);
  REQUIRE(file >= 0);
  const std::string content(700'000, 'x');  // more than two pieces
  REQUIRE(write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  const auto result = digest_file(DigestAlgorithm::sha512, file);
  REQUIRE(result.ok());
  CHECK(result->size == content.size());
  CHECK(result->digest == *digest(DigestAlgorithm::sha512, content));
  CHECK(lseek(file, 0, SEEK_CUR) == static_cast<off_t>(content.size()));
  close(file);
}

TEST_CASE("a descriptor that cannot be read is an error") {
  const auto result = digest_file(DigestAlgorithm::sha256, -1);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().message() == "cannot read at byte 0: Bad file descriptor");
}

TEST_CASE("constant time comparison") {
  CHECK(constant_time_equal("", ""));
  CHECK(constant_time_equal("abc", "abc"));
  CHECK_FALSE(constant_time_equal("abc", "abd"));
  CHECK_FALSE(constant_time_equal("abc", "ab"));
}

}  // namespace konvoy::crypto
