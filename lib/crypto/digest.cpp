#include "crypto/digest.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/encoding.hpp"
#include "crypto/openssl.hpp"

namespace konvoy::crypto {
namespace {

using FetchedDigest = std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)>;

// EVP_sha256() and its like would skip the default properties, and with them FIPS enforcement.
FetchedDigest fetch(DigestAlgorithm algorithm) {
  return {EVP_MD_fetch(nullptr, name_of(algorithm).data(), nullptr), &EVP_MD_free};
}

EVP_MD_CTX* as_context(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

}  // namespace

std::string_view name_of(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha256: return "SHA2-256";
    case DigestAlgorithm::sha384: return "SHA2-384";
    case DigestAlgorithm::sha512: return "SHA2-512";
  }
  return "";
}

std::size_t size_of(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha256: return 32;
    case DigestAlgorithm::sha384: return 48;
    case DigestAlgorithm::sha512: return 64;
  }
  return 0;
}

void Digest::Free::operator()(void* context) const {
  EVP_MD_CTX_free(as_context(context));
}

base::Result<Digest> Digest::start(DigestAlgorithm algorithm) {
  const FetchedDigest type = fetch(algorithm);
  Digest digest(EVP_MD_CTX_new());
  if (!type || !digest.context_ ||
      EVP_DigestInit_ex2(as_context(digest.context_.get()), type.get(), nullptr) != 1) {
    return openssl_error(base::ErrorKind::run,
                         fmt::format("OpenSSL gives no {}", name_of(algorithm)));
  }
  return digest;
}

base::Result<void> Digest::update(std::string_view bytes) {
  if (EVP_DigestUpdate(as_context(context_.get()), bytes.data(), bytes.size()) == 1) return {};
  return openssl_error(base::ErrorKind::run, "OpenSSL cannot go on with a digest");
}

base::Result<std::string> Digest::finish() {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(as_context(context_.get()), reinterpret_cast<unsigned char*>(out.data()),
                         &size) != 1) {
    return openssl_error(base::ErrorKind::run, "OpenSSL cannot finish a digest");
  }
  out.resize(size);
  return out;
}

base::Result<std::string> digest(DigestAlgorithm algorithm, std::string_view bytes) {
  KONVOY_TRY(auto running, Digest::start(algorithm));
  KONVOY_CHECK(running.update(bytes));
  return running.finish();
}

base::Result<FileDigest> digest_file(DigestAlgorithm algorithm, int descriptor) {
  KONVOY_TRY(auto running, Digest::start(algorithm));
  FileDigest result;
  KONVOY_TRY(result.size, read_pieces(descriptor, [&](std::string_view piece) {
               return running.update(piece);
             }));
  KONVOY_TRY(result.digest, running.finish());
  return result;
}

base::Result<std::string> sha256_hex(std::string_view bytes) {
  KONVOY_TRY(const auto raw, digest(DigestAlgorithm::sha256, bytes));
  return base::to_hex(raw);
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace konvoy::crypto
