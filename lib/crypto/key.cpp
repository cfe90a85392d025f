// Keys from PEM texts.
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstring>

#include "crypto/openssl.hpp"
#include "crypto/signature.hpp"

namespace konvoy::crypto {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

// What OpenSSL's callback is given and what it tells: without a callback OpenSSL would ask on the
// terminal.
struct Passphrase {
  std::string_view text;
  bool asked = false;
};

int give_passphrase(char* buffer, int size, int /*for_writing*/, void* data) {
  auto& passphrase = *static_cast<Passphrase*>(data);
  passphrase.asked = true;
  const auto length = passphrase.text.size();
  if (length == 0 || size < 0 || length > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, passphrase.text.data(), length);
  return static_cast<int>(length);
}

Bio read_only(std::string_view text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all};
}

}  // namespace

base::Result<PublicKey> PublicKey::parse_pem(std::string_view pem, std::string_view name) {
  EVP_PKEY* key = nullptr;
  if (pem.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos) {
    const Certificate certificate(
        PEM_read_bio_X509(read_only(pem).get(), nullptr, nullptr, nullptr), &X509_free);
    if (certificate) key = X509_get_pubkey(certificate.get());
  } else {
    key = PEM_read_bio_PUBKEY(read_only(pem).get(), nullptr, nullptr, nullptr);
  }
  if (key == nullptr) {
    return openssl_error(base::ErrorKind::input,
                         fmt::format("there is no public key in PEM form in '{}'", name));
  }
  KONVOY_TRY(auto owned, accept_rsa(key, name));
  return PublicKey(std::move(owned));
}

base::Result<std::string> PublicKey::to_pem() const {
  const Bio out(BIO_new(BIO_s_mem()), &BIO_free_all);
  if (PEM_write_bio_PUBKEY(out.get(), static_cast<EVP_PKEY*>(key_.get())) != 1) {
    return openssl_error(base::ErrorKind::run, "OpenSSL cannot write a public key");
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

base::Result<PrivateKey> PrivateKey::parse_pem(const base::Secret& pem,
                                               const base::Secret& passphrase,
                                               std::string_view name) {
  if (pem.reveal().find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("the key in '{}' is encrypted in the old PEM form, with a key "
                                   "derived by MD5",
                                   name),
                       "convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW");
  }
  Passphrase answer{.text = passphrase.reveal()};
  EVP_PKEY* key =
      PEM_read_bio_PrivateKey(read_only(pem.reveal()).get(), nullptr, &give_passphrase, &answer);
  if (key == nullptr && answer.asked && passphrase.empty()) {
    ERR_clear_error();
    return base::Error(base::ErrorKind::input, fmt::format("the key in '{}' is encrypted", name),
                       "give its passphrase");
  }
  if (key == nullptr) {
    return openssl_error(base::ErrorKind::input,
                         answer.asked
                             ? fmt::format("the passphrase does not open the key in '{}'", name)
                             : fmt::format("there is no private key in PEM form in '{}'", name));
  }
  KONVOY_TRY(auto owned, accept_rsa(key, name));
  return PrivateKey(PublicKey(std::move(owned)));
}

}  // namespace konvoy::crypto
