// The first message of a TLS client and the first of its server, as bytes (RFC 8446 and RFC 5246).
//
// OpenSSL offers only what it can speak itself: no 3DES, RC4, NULL or export suites in Debian's and
// EL8's builds. To learn whether a server takes those, we write the offer ourselves and read no
// further than the answer. Pure; takes any bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace konvoy::tls {

/// Protocol versions with their numbers on the wire.
enum class Version : std::uint16_t {
  ssl3 = 0x0300,
  tls1_0 = 0x0301,
  tls1_1 = 0x0302,
  tls1_2 = 0x0303,
  tls1_3 = 0x0304
};

/// "TLS1.2", "SSL3".
[[nodiscard]] std::string_view name_of(Version version);

/// What one ClientHello offers: one version.
struct Offer {
  Version version = Version::tls1_2;
  std::vector<std::uint16_t> suites;  ///< in the client's order; at most 32767
  std::vector<std::uint16_t> groups;  ///< named groups (RFC 8446 section 4.2.7)
  std::string server_name;            ///< host name for the SNI extension; empty: none
  std::string random;                 ///< 32 bytes
};

/// The offer as one TLS record. A TLS 1.3 offer has no key share: the server then answers with a
/// HelloRetryRequest that names the suite and the group it chooses.
[[nodiscard]] std::string render_client_hello(const Offer& offer);

/// A ServerHello or a HelloRetryRequest.
struct ServerHello {
  Version version = Version::tls1_2;
  std::uint16_t suite = 0;
  std::optional<std::uint16_t> group;  ///< of TLS 1.3 only
  bool retry = false;                  ///< it is a HelloRetryRequest
  bool operator==(const ServerHello&) const = default;
};

/// The server refuses (RFC 8446 section 6.2): 40 is handshake_failure, 70 protocol_version.
struct Alert {
  std::uint8_t level = 0;
  std::uint8_t description = 0;
  bool operator==(const Alert&) const = default;
};

/// More bytes are needed.
struct Incomplete {
  bool operator==(const Incomplete&) const = default;
};

/// Not what a TLS server answers.
struct NotTls {
  std::string why;
  bool operator==(const NotTls&) const = default;
};

using Reply = std::variant<Incomplete, ServerHello, Alert, NotTls>;

/// The server's first message out of everything that it has sent so far.
[[nodiscard]] Reply parse_reply(std::string_view bytes);

/// "handshake_failure" for 40, "alert 99" for what has no name.
[[nodiscard]] std::string alert_name(std::uint8_t description);

}  // namespace konvoy::tls
