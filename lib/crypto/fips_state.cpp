#include "crypto/fips_state.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <memory>

namespace konvoy::crypto {
namespace {

// The name of the provider that answers a fetch; empty when none does.
std::string provider_of(const char* algorithm) {
  const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> fetched(
      EVP_MD_fetch(nullptr, algorithm, nullptr), &EVP_MD_free);
  if (!fetched) return {};
  const char* name = OSSL_PROVIDER_get0_name(EVP_MD_get0_provider(fetched.get()));
  return name != nullptr ? name : "";
}

}  // namespace

FipsState observe_fips_state() {
  FipsState state;
  state.sha256_provider = provider_of("SHA2-256");  // first: it loads the configuration
  state.md5_refused = provider_of("MD5").empty();
  state.default_properties = EVP_default_properties_is_fips_enabled(nullptr) == 1;
  state.provider_available = OSSL_PROVIDER_available(nullptr, "fips") == 1;
  ERR_clear_error();
  return state;
}

std::string openssl_version() {
  return OpenSSL_version(OPENSSL_VERSION);
}

}  // namespace konvoy::crypto
