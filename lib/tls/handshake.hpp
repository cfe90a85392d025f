// One full handshake through OpenSSL: what a modern client gets, and the service's certificates.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "tls/transport.hpp"
#include "tls/wire.hpp"

namespace konvoy::tls {

/// A certificate as the service shows it. Nothing here is verified: whom the service is trusted by
/// is not the question.
struct Certificate {
  std::string subject;  ///< RFC 2253 text
  std::string issuer;
  std::string key_type;  ///< "RSA", "EC", "ED25519"
  int key_bits = 0;      ///< 2048; 256 for P-256
  std::string curve;     ///< "P-256" of an EC key, else empty
  std::string
      signature_hash;  ///< "SHA256" of the certificate's own signature; empty: none of its own
  std::int64_t not_before = 0;  ///< seconds since 1970
  std::int64_t not_after = 0;
  bool self_signed = false;
  bool operator==(const Certificate&) const = default;
};

struct Handshake {
  bool completed = false;
  std::string failure;  ///< why it did not complete, in a few words
  std::string version;  ///< "TLS1.3"; empty when it did not come that far
  std::string suite;    ///< IANA's name
  std::string group;    ///< of the key agreement; empty: none (RSA key transport) or unknown
  bool asks_for_client_certificate = false;
  std::vector<Certificate> chain;  ///< the service's own first
  bool operator==(const Handshake&) const = default;
};

/// Shakes hands as far as it goes, without a client certificate, and leaves. A service that demands
/// one has shown everything by then. `server_name` goes into the SNI extension unless empty.
/// Errors: kind run when OpenSSL itself fails or the transport does.
[[nodiscard]] base::Result<Handshake> shake_hands(Transport& transport,
                                                  const std::string& server_name,
                                                  std::chrono::milliseconds timeout);

}  // namespace konvoy::tls
