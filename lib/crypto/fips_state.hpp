// Whether the OpenSSL of this process keeps to its FIPS provider.
#pragma once

#include <string>

namespace konvoy::crypto {

/// Four signs, none of which is enough: the default properties say "fips=yes" even when there is no
/// FIPS provider to be found. The kernel's mode (/proc/sys/crypto/fips_enabled) is another matter.
struct FipsState {
  bool default_properties = false;  ///< fips=yes is the default for every fetch
  bool provider_available = false;  ///< the provider "fips" is loaded and passed its self tests
  std::string sha256_provider;      ///< who answers a fetch of SHA2-256: "fips", "default", ""
  bool md5_refused = false;         ///< a fetch of MD5 gives nothing

  [[nodiscard]] bool enforced() const {
    return default_properties && provider_available && sha256_provider == "fips" && md5_refused;
  }
  bool operator==(const FipsState&) const = default;
};

[[nodiscard]] FipsState observe_fips_state();

/// "OpenSSL 3.0.22 4 Aug 2026": the library that is really loaded.
[[nodiscard]] std::string openssl_version();

}  // namespace konvoy::crypto
