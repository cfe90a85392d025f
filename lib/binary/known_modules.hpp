// The builds of cryptographic modules whose bytes are known, and what became of their certificates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "crypto/digest.hpp"

namespace konvoy::binary {

/// One build of BoringCrypto: its text is the same in every program that carries it.
struct KnownModule {
  std::string build;        ///< "fips-20190808/ae223d61"
  std::string certificate;  ///< "3678"
  std::string prefix;       ///< the text's first 64 bytes, raw
  std::uint64_t length = 0;
  std::string sha256;  ///< of the text, raw
  crypto::DigestAlgorithm hmac = crypto::DigestAlgorithm::sha512;
  std::string key;                ///< of the integrity HMAC, raw
  std::string code;               ///< the integrity HMAC, raw
  std::uint64_t code_offset = 0;  ///< where the program keeps it, from the start of the text
  bool operator==(const KnownModule&) const = default;
};

/// A version of Go's own module, which has no fixed bytes but a name in the build settings.
struct NativeModule {
  std::string version;  ///< "v1.0.0"
  std::string certificate;
  bool operator==(const NativeModule&) const = default;
};

struct Certificate {
  std::string number;
  std::string standard;  ///< "FIPS 140-2"
  std::string status;    ///< "active", "historical", "revoked", "unknown"
  std::string since;     ///< YYYY-MM-DD; empty when not known
  bool operator==(const Certificate&) const = default;
};

/// A list of certificates, true on one day.
struct CertificateList {
  std::string as_of;  ///< YYYY-MM-DD
  std::vector<Certificate> certificates;

  /// Its entry, or null.
  [[nodiscard]] const Certificate* find(std::string_view number) const;
};

/// Everything that is data and not code in judging a program.
struct Knowledge {
  std::vector<KnownModule> modules;
  std::vector<NativeModule> native;
  CertificateList certificates;
};

/// What this executable was built with.
[[nodiscard]] base::Result<Knowledge> embedded_knowledge();

/// `text` is JSON in the form of data/cmvp.json; `name` is what messages call it. All problems come
/// back together (kind input).
[[nodiscard]] base::Result<CertificateList> parse_certificates(std::string name, std::string text);

}  // namespace konvoy::binary
