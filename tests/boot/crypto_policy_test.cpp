#include "boot/crypto_policy.hpp"

#include <doctest/doctest.h>

using namespace konvoy::boot;

TEST_CASE("a policy is read with comments and sub-policies") {
  CHECK(parse_crypto_policy("# set by hand\nFIPS:OSPP\n") == "FIPS:OSPP");
  CHECK(parse_crypto_policy("FIPS # x\nOSPP\n\n") == "FIPS:OSPP");
  CHECK(parse_crypto_policy("#\n").empty());
}

TEST_CASE("only FIPS and what is built on it is FIPS") {
  CHECK(is_fips_policy("FIPS"));
  CHECK(is_fips_policy("FIPS:STIG"));
  CHECK_FALSE(is_fips_policy("FIPSX"));
  CHECK_FALSE(is_fips_policy("DEFAULT"));
  CHECK_FALSE(is_fips_policy(""));
  CHECK(check_fips_policy("FIPS:OSPP:NO-SHA1").ok());
  for (const auto* text : {"", "FIPS:", "DEFAULT", "fips", "FIPS:A B", "FIPS:../x", "FIPS\nX"}) {
    CHECK_FALSE(check_fips_policy(text).ok());
  }
}
