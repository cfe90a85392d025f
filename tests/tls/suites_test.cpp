#include "tls/suites.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace konvoy::tls;

TEST_CASE("suites are sorted by number and none stands twice") {
  const auto suites = all_suites();
  CHECK(suites.size() > 200);
  CHECK(std::adjacent_find(suites.begin(), suites.end(), [](const Suite& a, const Suite& b) {
          return a.id >= b.id;
        }) == suites.end());
}

TEST_CASE("names are IANA's") {
  CHECK(suite_name(0x000A) == "TLS_RSA_WITH_3DES_EDE_CBC_SHA");
  CHECK(suite_name(0x0001) == "TLS_RSA_WITH_NULL_MD5");
  CHECK(suite_name(0x0003) == "TLS_RSA_EXPORT_WITH_RC4_40_MD5");
  CHECK(suite_name(0xC030) == "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  CHECK(suite_name(0x1301) == "TLS_AES_128_GCM_SHA256");
  CHECK(suite_name(0xFFFF) == "suite 0xFFFF");
  CHECK(group_name(29) == "X25519");
  CHECK(group_name(9999) == "group 0x270F");
}

TEST_CASE("each version is offered what it has") {
  const auto has = [](Version version, std::uint16_t id) {
    const auto ids = suites_of(version);
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  CHECK(suites_of(Version::tls1_3).size() == 5);
  CHECK(has(Version::tls1_2, 0xC02F));
  CHECK(has(Version::tls1_2, 0x000A));
  CHECK_FALSE(has(Version::tls1_2, 0x1301));
  CHECK_FALSE(has(Version::tls1_0, 0xC02F));
  CHECK_FALSE(has(Version::tls1_1, 0x003C));
  CHECK(has(Version::ssl3, 0x0005));
}
