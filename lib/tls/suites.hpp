// Cipher suites and named groups by number and name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tls/wire.hpp"

namespace konvoy::tls {

struct Suite {
  std::uint16_t id = 0;   ///< number on the wire
  std::string_view name;  ///< IANA's name: "TLS_RSA_WITH_AES_128_GCM_SHA256"
};

struct Group {
  std::uint16_t id = 0;
  std::string_view name;  ///< "P-256", "X25519", "ffdhe2048"
};

/// Every suite that we offer, by number.
[[nodiscard]] std::span<const Suite> all_suites();
[[nodiscard]] std::span<const Group> all_groups();

/// The numbers of the suites that `version` has.
[[nodiscard]] std::vector<std::uint16_t> suites_of(Version version);

/// IANA's name, or "suite 0x1234".
[[nodiscard]] std::string suite_name(std::uint16_t id);
[[nodiscard]] std::string group_name(std::uint16_t id);

/// Whether the suite agrees on a key over an elliptic curve that the client offers.
[[nodiscard]] bool uses_ecdhe(std::uint16_t id);

}  // namespace konvoy::tls
