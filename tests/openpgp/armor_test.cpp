#include "openpgp/armor.hpp"

#include <doctest/doctest.h>

using namespace konvoy::openpgp;

namespace {
// RFC 4880's CRC-24 of "abc" is BA1C7B.
const std::string block =
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: x\n\nYWJj\n=uhx7\n"
    "-----END PGP PUBLIC KEY BLOCK-----\n";
}  // namespace

TEST_CASE("armor is removed and its checksum compared") {
  CHECK(remove_armor(block, "PUBLIC KEY BLOCK").value() == "abc");
  CHECK(remove_armor("\nx\n" + block, "PUBLIC KEY BLOCK").value() == "\nx\n" + block);
  CHECK(remove_armor(block + "between\n" + block, "PUBLIC KEY BLOCK").value() == "abcabc");
  CHECK(remove_armor("\x99\x01", "PUBLIC KEY BLOCK").value() == "\x99\x01");
}

TEST_CASE("damaged armor is refused") {
  std::string damaged = block;
  SUBCASE("checksum") {
    damaged.replace(damaged.find("=uhx7"), 5, "=uhx8");
  }
  SUBCASE("base64") {
    damaged.replace(damaged.find("YWJj"), 4, "YW!j");
  }
  SUBCASE("truncated") {
    damaged.resize(damaged.size() - 10);
  }
  CHECK(remove_armor(damaged, "PUBLIC KEY BLOCK").error().message() ==
        "the armor block that begins in line 1 is damaged");
}

TEST_CASE("another kind of block is not what was asked for") {
  CHECK_FALSE(remove_armor(block, "MESSAGE"));
}
