#include "crypto/fips_state.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>

namespace konvoy::crypto {

TEST_CASE("enforced means all four signs") {
  FipsState state{.default_properties = true,
                  .provider_available = true,
                  .sha256_provider = "fips",
                  .md5_refused = true};
  CHECK(state.enforced());
  auto changed = state;
  changed.default_properties = false;
  CHECK_FALSE(changed.enforced());
  changed = state;
  changed.provider_available = false;
  CHECK_FALSE(changed.enforced());
  changed = state;
  changed.sha256_provider = "default";
  CHECK_FALSE(changed.enforced());
  changed = state;
  changed.md5_refused = false;
  CHECK_FALSE(changed.enforced());
}

TEST_CASE("asking for FIPS without a FIPS provider is not enforcing it") {
  const auto before = observe_fips_state();
  REQUIRE_FALSE(before.sha256_provider.empty());
  REQUIRE(EVP_default_properties_enable_fips(nullptr, 1) == 1);
  const auto asked = observe_fips_state();
  REQUIRE(EVP_default_properties_enable_fips(nullptr, before.default_properties ? 1 : 0) == 1);
  CHECK(asked.default_properties);
  CHECK(asked.enforced() == asked.provider_available);
  CHECK(observe_fips_state() == before);
}

TEST_CASE("the version is that of the library") {
  CHECK(openssl_version().starts_with("OpenSSL 3."));
}

}  // namespace konvoy::crypto
