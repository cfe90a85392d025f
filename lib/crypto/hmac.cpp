#include "crypto/hmac.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>

#include "crypto/openssl.hpp"

namespace konvoy::crypto {
namespace {

EVP_MAC_CTX* as_context(void* context) {
  return static_cast<EVP_MAC_CTX*>(context);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

void Hmac::Free::operator()(void* context) const {
  EVP_MAC_CTX_free(as_context(context));
}

base::Result<Hmac> Hmac::start(DigestAlgorithm algorithm, std::string_view key) {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> type(
      EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr), &EVP_MAC_free);
  std::string digest_name(name_of(algorithm));
  const std::array<OSSL_PARAM, 2> params{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name.data(), 0),
      OSSL_PARAM_construct_end()};
  // A null key would mean "keep the old one": an empty key still needs an address.
  const std::string_view some_key = key.empty() ? std::string_view("") : key;
  Hmac mac(type ? EVP_MAC_CTX_new(type.get()) : nullptr);
  if (!mac.context_ || EVP_MAC_init(as_context(mac.context_.get()), bytes_of(some_key), key.size(),
                                    params.data()) != 1) {
    return openssl_error(base::ErrorKind::run,
                         fmt::format("OpenSSL gives no HMAC with {}", digest_name));
  }
  return mac;
}

base::Result<void> Hmac::update(std::string_view bytes) {
  if (EVP_MAC_update(as_context(context_.get()), bytes_of(bytes), bytes.size()) == 1) return {};
  return openssl_error(base::ErrorKind::run, "OpenSSL cannot go on with an HMAC");
}

base::Result<std::string> Hmac::finish() {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  std::size_t size = 0;
  if (EVP_MAC_final(as_context(context_.get()), reinterpret_cast<unsigned char*>(out.data()), &size,
                    out.size()) != 1) {
    return openssl_error(base::ErrorKind::run, "OpenSSL cannot finish an HMAC");
  }
  out.resize(size);
  return out;
}

base::Result<std::string> hmac(DigestAlgorithm algorithm, std::string_view key,
                               std::string_view message) {
  KONVOY_TRY(auto running, Hmac::start(algorithm, key));
  KONVOY_CHECK(running.update(message));
  return running.finish();
}

base::Result<std::string> hmac_file(DigestAlgorithm algorithm, std::string_view key,
                                    int descriptor) {
  KONVOY_TRY(auto running, Hmac::start(algorithm, key));
  KONVOY_CHECK(
      read_pieces(descriptor, [&](std::string_view piece) { return running.update(piece); }));
  return running.finish();
}

}  // namespace konvoy::crypto
