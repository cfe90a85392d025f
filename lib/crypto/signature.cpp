#include "crypto/signature.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <array>
#include <functional>
#include <utility>

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"

namespace konvoy::crypto {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
/// Hands the signed bytes to a function that takes them piece by piece.
using Feed =
    std::function<base::Result<void>(const std::function<base::Result<void>(std::string_view)>&)>;

constexpr std::array<std::pair<SignatureScheme, std::string_view>, 2> scheme_names{{
    {SignatureScheme::rsa_pkcs1_sha512, "rsa-pkcs1-sha512"},
    {SignatureScheme::rsa_pss_sha512, "rsa-pss-sha512"},
}};

EVP_PKEY* as_key(const std::shared_ptr<void>& key) {
  return static_cast<EVP_PKEY*>(key.get());
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Padding of the operation that `context` was started for.
bool set_scheme(EVP_PKEY_CTX* context, SignatureScheme scheme, int salt_length) {
  if (scheme == SignatureScheme::rsa_pkcs1_sha512) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
  }
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt_length) > 0;
}

Feed feed_bytes(std::string_view bytes) {
  return [bytes](const auto& consume) { return consume(bytes); };
}

Feed feed_file(int descriptor) {
  return [descriptor](const auto& consume) -> base::Result<void> {
    KONVOY_CHECK(read_pieces(descriptor, consume));
    return {};
  };
}

base::Result<std::string> sign_fed(EVP_PKEY* key, SignatureScheme scheme, const Feed& feed) {
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_PKEY_CTX* padding = nullptr;
  if (EVP_DigestSignInit_ex(context.get(), &padding, name_of(DigestAlgorithm::sha512).data(),
                            nullptr, nullptr, key, nullptr) != 1 ||
      !set_scheme(padding, scheme, RSA_PSS_SALTLEN_DIGEST)) {
    return openssl_error(base::ErrorKind::run, "OpenSSL cannot sign with this key");
  }
  KONVOY_CHECK(feed([&](std::string_view piece) -> base::Result<void> {
    if (EVP_DigestSignUpdate(context.get(), piece.data(), piece.size()) == 1) return {};
    return openssl_error(base::ErrorKind::run, "OpenSSL cannot go on with a signature");
  }));
  std::size_t size = 0;
  if (EVP_DigestSignFinal(context.get(), nullptr, &size) != 1) {
    return openssl_error(base::ErrorKind::run, "OpenSSL cannot finish a signature");
  }
  std::string signature(size, '\0');
  if (EVP_DigestSignFinal(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                          &size) != 1) {
    return openssl_error(base::ErrorKind::run, "OpenSSL cannot finish a signature");
  }
  signature.resize(size);
  return signature;
}

base::Result<bool> verify_fed(EVP_PKEY* key, SignatureScheme scheme, const Feed& feed,
                              std::string_view signature) {
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_PKEY_CTX* padding = nullptr;
  if (EVP_DigestVerifyInit_ex(context.get(), &padding, name_of(DigestAlgorithm::sha512).data(),
                              nullptr, nullptr, key, nullptr) != 1 ||
      !set_scheme(padding, scheme, RSA_PSS_SALTLEN_AUTO)) {
    return openssl_error(base::ErrorKind::run, "OpenSSL cannot verify with this key");
  }
  KONVOY_CHECK(feed([&](std::string_view piece) -> base::Result<void> {
    if (EVP_DigestVerifyUpdate(context.get(), piece.data(), piece.size()) == 1) return {};
    return openssl_error(base::ErrorKind::run, "OpenSSL cannot go on with a signature");
  }));
  const int status = EVP_DigestVerifyFinal(context.get(), bytes_of(signature), signature.size());
  // Below 0 is an error of the library, but a signature of the wrong shape is one as well: both are
  // "not valid", and what the queue says must not stay for the next call.
  if (status != 1) (void)openssl_error(base::ErrorKind::run, "");
  return status == 1;
}

}  // namespace

std::string_view name_of(SignatureScheme scheme) {
  for (const auto& [known, name] : scheme_names) {
    if (known == scheme) return name;
  }
  return "";
}

std::optional<SignatureScheme> parse_signature_scheme(std::string_view name) {
  for (const auto& [scheme, known] : scheme_names) {
    if (known == name) return scheme;
  }
  return std::nullopt;
}

int PublicKey::bits() const {
  return EVP_PKEY_get_bits(as_key(key_));
}

base::Result<bool> PublicKey::verify(SignatureScheme scheme, std::string_view bytes,
                                     std::string_view signature) const {
  return verify_fed(as_key(key_), scheme, feed_bytes(bytes), signature);
}

base::Result<bool> PublicKey::verify_file(SignatureScheme scheme, int descriptor,
                                          std::string_view signature) const {
  return verify_fed(as_key(key_), scheme, feed_file(descriptor), signature);
}

base::Result<std::string> PrivateKey::sign(SignatureScheme scheme, std::string_view bytes) const {
  return sign_fed(as_key(public_.key_), scheme, feed_bytes(bytes));
}

base::Result<std::string> PrivateKey::sign_file(SignatureScheme scheme, int descriptor) const {
  return sign_fed(as_key(public_.key_), scheme, feed_file(descriptor));
}

}  // namespace konvoy::crypto
