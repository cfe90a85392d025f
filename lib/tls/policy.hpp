// What a FIPS cluster's services may speak.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tls/handshake.hpp"
#include "tls/scan.hpp"

namespace konvoy::tls {

/// `warned`: BoringCrypto's older builds allow it (RSA key transport), NIST SP 800-52r2 does not.
enum class Standing { approved, warned, refused };

/// "approved", "warning", "not approved".
[[nodiscard]] std::string_view name_of(Standing standing);

/// TLS 1.2 and 1.3 (SP 800-52r2 section 3.1).
[[nodiscard]] Standing judge(Version version);

/// The four ECDHE suites with AES-GCM, the two AES-GCM suites of TLS 1.3; RSA key transport with
/// AES-GCM is warned of (crypto/tls of Go with BoringCrypto).
[[nodiscard]] Standing judge_suite(std::uint16_t suite);

/// P-256, P-384, P-521, and the finite-field groups of RFC 7919 (SP 800-56A revision 3).
[[nodiscard]] Standing judge_group(std::uint16_t group);

/// One thing that is wrong with a service.
struct Objection {
  Standing standing = Standing::refused;
  std::string what;  ///< "accepts with TLS1.2: TLS_RSA_WITH_3DES_EDE_CBC_SHA"
  std::string fix;   ///< what to do about it
  bool operator==(const Objection&) const = default;
};

/// What there is to object against a scan; empty: nothing.
[[nodiscard]] std::vector<Objection> judge(const Scan& scan);

/// Keys must be RSA of at least 2048 bits or on P-256, P-384, P-521; signatures must use SHA-2 with
/// at least 256 bits (SP 800-131A revision 2). The signature of a self-signed root is of no matter.
[[nodiscard]] std::vector<Objection> judge(const Handshake& handshake);

}  // namespace konvoy::tls
