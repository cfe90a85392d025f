// RSA signatures with SHA-512 (FIPS 186-5; RFC 8017), through OpenSSL.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace konvoy::crypto {

enum class SignatureScheme {
  rsa_pkcs1_sha512,  ///< RSASSA-PKCS1-v1_5
  rsa_pss_sha512,    ///< RSASSA-PSS, MGF1 with SHA-512; made with 64 bytes of salt, any accepted
};

/// "rsa-pkcs1-sha512", "rsa-pss-sha512": what manifests say.
[[nodiscard]] std::string_view name_of(SignatureScheme scheme);
[[nodiscard]] std::optional<SignatureScheme> parse_signature_scheme(std::string_view name);

/// An RSA public key of at least 2048 bits.
class PublicKey {
 public:
  /// A PEM text: "BEGIN PUBLIC KEY", or a certificate, of which the key is taken. `name` is for
  /// messages. Error of kind input.
  static base::Result<PublicKey> parse_pem(std::string_view pem, std::string_view name);

  [[nodiscard]] int bits() const;
  /// "-----BEGIN PUBLIC KEY-----..."
  [[nodiscard]] base::Result<std::string> to_pem() const;

  /// Whether `signature` (raw) is that of `bytes`. Errors come from OpenSSL only.
  [[nodiscard]] base::Result<bool> verify(SignatureScheme scheme, std::string_view bytes,
                                          std::string_view signature) const;
  /// The same for an open file, read as digest_file() reads it.
  [[nodiscard]] base::Result<bool> verify_file(SignatureScheme scheme, int descriptor,
                                               std::string_view signature) const;

 private:
  friend class PrivateKey;
  explicit PublicKey(std::shared_ptr<void> key) : key_(std::move(key)) {}

  std::shared_ptr<void> key_;
};

/// An RSA private key of at least 2048 bits, in memory or in a token.
class PrivateKey {
 public:
  /// A PEM text, encrypted (PKCS#8) or not. The old encrypted PEM form ("Proc-Type: 4,ENCRYPTED")
  /// is refused: its key derivation is MD5, which a FIPS module does not do. Nothing is ever asked
  /// on the terminal. Error of kind input.
  static base::Result<PrivateKey> parse_pem(const base::Secret& pem, const base::Secret& passphrase,
                                            std::string_view name);

  /// A key in a token by its RFC 7512 URI: through OpenSSL's provider "pkcs11" (package
  /// pkcs11-provider), else its engine of that name (libengine-pkcs11-openssl). `pin` may be empty
  /// when the URI holds one; nothing is asked on the terminal. Error of kind input; no message
  /// shows what the URI says after its question mark, where the PIN stands.
  static base::Result<PrivateKey> open_pkcs11(const std::string& uri, const base::Secret& pin);

  [[nodiscard]] int bits() const { return public_.bits(); }
  [[nodiscard]] const PublicKey& public_key() const { return public_; }

  /// The raw signature. Error of kind run.
  [[nodiscard]] base::Result<std::string> sign(SignatureScheme scheme,
                                               std::string_view bytes) const;
  /// The same for an open file, read as digest_file() reads it.
  [[nodiscard]] base::Result<std::string> sign_file(SignatureScheme scheme, int descriptor) const;

 private:
  explicit PrivateKey(PublicKey key) : public_(std::move(key)) {}

  PublicKey public_;  // OpenSSL's type holds both halves
};

}  // namespace konvoy::crypto
