#include "crypto/signature.hpp"

#include <doctest/doctest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>

namespace konvoy::crypto {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

const base::Secret no_passphrase;

Key make_rsa(unsigned bits) {
  return {EVP_RSA_gen(bits), &EVP_PKEY_free};
}

// `cipher` null: not encrypted.
base::Secret to_pem(EVP_PKEY* key, const char* cipher, std::string passphrase) {
  BIO* out = BIO_new(BIO_s_mem());
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(
              out, key, cipher != nullptr ? EVP_get_cipherbyname(cipher) : nullptr,
              passphrase.empty() ? nullptr : passphrase.data(), static_cast<int>(passphrase.size()),
              nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  base::Secret pem(std::string(data, static_cast<std::size_t>(size)));
  BIO_free(out);
  return pem;
}

// Making a key takes long: one for all cases.
const base::Secret& plain_pem() {
  static const base::Secret pem = to_pem(make_rsa(2048).get(), nullptr, "");
  return pem;
}

}  // namespace

TEST_CASE("what is signed verifies, and nothing else does") {
  const auto key = PrivateKey::parse_pem(plain_pem(), no_passphrase, "key.pem");
  REQUIRE(key.ok());
  CHECK(key->bits() == 2048);
  const auto pem = key->public_key().to_pem();
  REQUIRE(pem.ok());
  const auto reader = PublicKey::parse_pem(*pem, "key.pub");
  REQUIRE(reader.ok());
  for (const auto scheme : {SignatureScheme::rsa_pkcs1_sha512, SignatureScheme::rsa_pss_sha512}) {
    CAPTURE(std::string(name_of(scheme)));
    CHECK(parse_signature_scheme(name_of(scheme)) == scheme);
    const auto other = scheme == SignatureScheme::rsa_pkcs1_sha512
                           ? SignatureScheme::rsa_pss_sha512
                           : SignatureScheme::rsa_pkcs1_sha512;
    const auto signature = key->sign(scheme, "kubelet");
    REQUIRE(signature.ok());
    CHECK(signature->size() == 256);
    CHECK(reader->verify(scheme, "kubelet", *signature) == base::Result<bool>(true));
    CHECK(reader->verify(scheme, "kubelex", *signature) == base::Result<bool>(false));
    CHECK(reader->verify(other, "kubelet", *signature) == base::Result<bool>(false));
    CHECK(reader->verify(scheme, "kubelet", signature->substr(1)) == base::Result<bool>(false));
    CHECK(reader->verify(scheme, "kubelet", "") == base::Result<bool>(false));
    auto flipped = *signature;
    flipped[100] = static_cast<char>(flipped[100] ^ 1);
    CHECK(reader->verify(scheme, "kubelet", flipped) == base::Result<bool>(false));
  }
}

TEST_CASE("an open file is signed and verified like its bytes") {
  const auto key = PrivateKey::parse_pem(plain_pem(), no_passphrase, "key.pem");
  REQUIRE(key.ok());
  const int file = memfd_create("signed", MFD_CLOEXEC);
  REQUIRE(file >= 0);
  REQUIRE(write(file, "content", 7) == 7);
  const auto signature = key->sign_file(SignatureScheme::rsa_pkcs1_sha512, file);
  REQUIRE(signature.ok());
  const auto& reader = key->public_key();
  CHECK(signature == key->sign(SignatureScheme::rsa_pkcs1_sha512, "content"));
  CHECK(reader.verify_file(SignatureScheme::rsa_pkcs1_sha512, file, *signature) ==
        base::Result<bool>(true));
  REQUIRE(write(file, "x", 1) == 1);
  CHECK(reader.verify_file(SignatureScheme::rsa_pkcs1_sha512, file, *signature) ==
        base::Result<bool>(false));
  close(file);
}

TEST_CASE("encrypted keys open with their passphrase and never ask") {
  const auto pem = to_pem(make_rsa(2048).get(), "AES-256-CBC", "open sesame");
  CHECK(PrivateKey::parse_pem(pem, base::Secret("open sesame"), "key.pem").ok());
  const auto wrong = PrivateKey::parse_pem(pem, base::Secret("sesame"), "key.pem");
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message() == "the passphrase does not open the key in 'key.pem'");
  const auto none = PrivateKey::parse_pem(pem, no_passphrase, "key.pem");
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().message() == "the key in 'key.pem' is encrypted");
}

TEST_CASE("keys that will not do are refused with a reason") {
  const auto refused = [](const base::Secret& pem) {
    const auto key = PrivateKey::parse_pem(pem, no_passphrase, "key.pem");
    REQUIRE_FALSE(key.ok());
    CHECK(key.error().kind == base::ErrorKind::input);
    return key.error().message();
  };
  CHECK(refused(to_pem(make_rsa(1024).get(), nullptr, "")) ==
        "the RSA key in 'key.pem' has 1024 bits; at least 2048 are needed");
  const Key curve(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  CHECK(refused(to_pem(curve.get(), nullptr, "")) ==
        "the key in 'key.pem' is a EC key, not an RSA key");
  CHECK(refused(base::Secret("no key")) == "there is no private key in PEM form in 'key.pem'");
  CHECK(refused(base::Secret("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n")) ==
        "the key in 'key.pem' is encrypted in the old PEM form, with a key derived by MD5");
  CHECK_FALSE(PublicKey::parse_pem("no key", "key.pub").ok());
}

TEST_CASE("the PIN of a token's address is in no message") {
  const auto key =
      PrivateKey::open_pkcs11("pkcs11:token=none;object=none?pin-value=987654", no_passphrase);
  REQUIRE_FALSE(key.ok());
  CHECK(base::render(key.error().diagnostics).find("987654") == std::string::npos);
}

}  // namespace konvoy::crypto
