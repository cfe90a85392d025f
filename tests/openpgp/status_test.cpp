#include "openpgp/status.hpp"

#include <doctest/doctest.h>

using namespace konvoy::openpgp;

namespace {
constexpr const char* valid =
    "[GNUPG:] VALIDSIG D4AFFBB1B32F04A09FA1BE29616F0D273CA64D28 2026-11-23 1795415314 0 4 0 1 10 "
    "01 00112233445566778899AABBCCDDEEFF00112233\n";
}  // namespace

TEST_CASE("status lines are split; what else stands there is passed over") {
  const auto lines = parse_status(
      "gpgv: noise\n[GNUPG:] NEWSIG\r\n[GNUPG:] GOODSIG ABCD A  Name <a@b>\n[GNUPG:] \nGNUPG: X");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == StatusLine{"NEWSIG", {}});
  CHECK(lines[1] == StatusLine{"GOODSIG", {"ABCD", "A", "Name", "<a@b>"}});
  CHECK(parse_status("").empty());
}

TEST_CASE("VALIDSIG is decoded") {
  const auto signature = parse_valid_signature(parse_status(valid).at(0));
  REQUIRE(signature);
  CHECK(signature->fingerprint == "D4AFFBB1B32F04A09FA1BE29616F0D273CA64D28");
  CHECK(signature->primary_fingerprint == "00112233445566778899AABBCCDDEEFF00112233");
  CHECK(signature->created == 1795415314);
  CHECK(signature->expires == 0);
  CHECK(signature->public_key_algorithm == 1);
  CHECK(signature->hash_algorithm == 10);
}

TEST_CASE("a VALIDSIG that GnuPG would not write is not decoded") {
  StatusLine line = parse_status(valid).at(0);
  SUBCASE("too short") {
    line.arguments.pop_back();
  }
  SUBCASE("no fingerprint") {
    line.arguments[0] = "d4af";
  }
  SUBCASE("no number") {
    line.arguments[2] = "1795415314x";
  }
  SUBCASE("negative") {
    line.arguments[3] = "-1";
  }
  SUBCASE("too large a number") {
    line.arguments[7] = "99999999999999999999";
  }
  SUBCASE("a signature over a key") {
    line.arguments[8] = "13";
  }
  CHECK_FALSE(parse_valid_signature(line));
}

TEST_CASE("hashes have names") {
  CHECK(hash_name(2) == "SHA-1");
  CHECK(hash_name(10) == "SHA-512");
  CHECK(hash_name(99) == "hash 99");
}
