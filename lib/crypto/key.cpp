// Where keys come from: PEM texts and tokens.
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>

#include "crypto/openssl.hpp"
#include "crypto/signature.hpp"

namespace konvoy::crypto {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Store = std::unique_ptr<OSSL_STORE_CTX, decltype(&OSSL_STORE_close)>;
using StoreItem = std::unique_ptr<OSSL_STORE_INFO, decltype(&OSSL_STORE_INFO_free)>;
using UiMethod = std::unique_ptr<UI_METHOD, decltype(&UI_destroy_method)>;

constexpr int least_bits = 2048;  // SP 800-131A rev. 2, section 3

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

// Owned by the result; refused when it is no RSA key or too short.
base::Result<std::shared_ptr<void>> accept(EVP_PKEY* key, std::string_view name) {
  std::shared_ptr<void> owned(key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); });
  if (EVP_PKEY_is_a(key, "RSA") != 1) {
    const char* type = EVP_PKEY_get0_type_name(key);
    return base::Error(base::ErrorKind::input,
                       fmt::format("the key in '{}' is a {} key, not an RSA key", name,
                                   type != nullptr ? type : "foreign"),
                       "file signatures are RSA: use an RSA key of 4096 bits");
  }
  if (EVP_PKEY_get_bits(key) < least_bits) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("the RSA key in '{}' has {} bits; at least {} are needed", name,
                                   EVP_PKEY_get_bits(key), least_bits),
                       "use an RSA key of 4096 bits");
  }
  return owned;
}

// The provider's answer to the same question as give_passphrase(), for stores.
int open_nothing(UI* /*ui*/) {
  return 1;
}
int read_pin(UI* ui, UI_STRING* question) {
  auto& pin = *static_cast<Passphrase*>(UI_get0_user_data(ui));
  pin.asked = true;
  if (UI_get_string_type(question) != UIT_PROMPT && UI_get_string_type(question) != UIT_VERIFY) {
    return 1;
  }
  if (pin.text.empty()) return 0;
  return UI_set_result(ui, question, std::string(pin.text).c_str()) == 0 ? 1 : 0;
}

// Loading any provider by hand switches off the one that is loaded by itself.
bool load_pkcs11_provider() {
  if (OSSL_PROVIDER_available(nullptr, "pkcs11") == 1) return true;
  return OSSL_PROVIDER_load(nullptr, "default") != nullptr &&
         OSSL_PROVIDER_load(nullptr, "pkcs11") != nullptr;
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
  KONVOY_TRY(auto owned, accept(key, name));
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
  KONVOY_TRY(auto owned, accept(key, name));
  return PrivateKey(PublicKey(std::move(owned)));
}

base::Result<PrivateKey> PrivateKey::open_pkcs11(const std::string& uri, const base::Secret& pin) {
  // What stands after '?' may hold the PIN: no message shows it.
  const auto name = uri.substr(0, uri.find('?'));
  if (!load_pkcs11_provider()) {
    auto error = openssl_error(base::ErrorKind::input,
                               fmt::format("cannot open '{}': OpenSSL has no provider for "
                                           "PKCS#11 tokens",
                                           name));
    error.diagnostics.front().hint =
        "install pkcs11-provider and name the token's module in "
        "PKCS11_PROVIDER_MODULE";
    return error;
  }
  const UiMethod ui(UI_create_method("konvoy"), &UI_destroy_method);
  UI_method_set_opener(ui.get(), &open_nothing);
  UI_method_set_reader(ui.get(), &read_pin);
  Passphrase answer{.text = pin.reveal()};
  const Store store(OSSL_STORE_open(uri.c_str(), ui.get(), &answer, nullptr, nullptr),
                    &OSSL_STORE_close);
  EVP_PKEY* key = nullptr;
  while (store && key == nullptr && OSSL_STORE_eof(store.get()) == 0) {
    const StoreItem item(OSSL_STORE_load(store.get()), &OSSL_STORE_INFO_free);
    if (item && OSSL_STORE_INFO_get_type(item.get()) == OSSL_STORE_INFO_PKEY) {
      key = OSSL_STORE_INFO_get1_PKEY(item.get());
    }
    if (!item) break;
  }
  if (key == nullptr) {
    return openssl_error(base::ErrorKind::input,
                         answer.asked && pin.empty()
                             ? fmt::format("the token of '{}' asks for a PIN", name)
                             : fmt::format("there is no private key at '{}'", name));
  }
  KONVOY_TRY(auto owned, accept(key, name));
  return PrivateKey(PublicKey(std::move(owned)));
}

}  // namespace konvoy::crypto
