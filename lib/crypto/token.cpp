// Keys that never leave their token (PKCS#11).
#define OPENSSL_SUPPRESS_DEPRECATED  // the engine interface, see load_by_engine()
#include <fmt/format.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include <vector>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "crypto/openssl.hpp"
#include "crypto/signature.hpp"

namespace konvoy::crypto {
namespace {

using Engine = std::unique_ptr<ENGINE, decltype(&ENGINE_free)>;
using Store = std::unique_ptr<OSSL_STORE_CTX, decltype(&OSSL_STORE_close)>;
using StoreItem = std::unique_ptr<OSSL_STORE_INFO, decltype(&OSSL_STORE_INFO_free)>;
using UiMethod = std::unique_ptr<UI_METHOD, decltype(&UI_destroy_method)>;

// What the token is told when it asks, and whether it did.
struct Pin {
  std::string text;
  bool asked = false;
};

// The URI without its "pin-value", which libp11 would print when something fails, and that PIN
// (RFC 7512, section 2.3: percent-encoded) if `pin` has none.
std::string without_pin(const std::string& uri, Pin& pin) {
  constexpr std::string_view attribute = "pin-value=";
  const auto query = uri.find('?');
  if (query == std::string::npos) return uri;
  std::vector<std::string> kept;
  for (const auto& part : base::split(std::string_view(uri).substr(query + 1), '&')) {
    if (!part.starts_with(attribute)) {
      kept.push_back(part);
      continue;
    }
    if (!pin.text.empty()) continue;
    for (std::size_t i = attribute.size(); i < part.size(); ++i) {
      const auto byte = part[i] == '%' ? base::from_hex(part.substr(i + 1, 2)) : std::nullopt;
      pin.text += byte && byte->size() == 1 ? byte->front() : part[i];
      if (byte && byte->size() == 1) i += 2;
    }
  }
  return uri.substr(0, query) + (kept.empty() ? "" : "?" + base::join(kept, "&"));
}

int open_nothing(UI* /*ui*/) {
  return 1;
}

int read_pin(UI* ui, UI_STRING* question) {
  const auto type = UI_get_string_type(question);
  if (type != UIT_PROMPT && type != UIT_VERIFY) return 1;
  auto& pin = *static_cast<Pin*>(UI_get0_user_data(ui));
  pin.asked = true;
  if (pin.text.empty()) return 0;
  return UI_set_result(ui, question, pin.text.c_str()) == 0 ? 1 : 0;
}

// Without a method of our own OpenSSL would ask on the terminal.
UiMethod answer_by_program() {
  UiMethod method(UI_create_method("konvoy"), &UI_destroy_method);
  UI_method_set_opener(method.get(), &open_nothing);
  UI_method_set_reader(method.get(), &read_pin);
  return method;
}

// Loading any provider by hand switches off the one that is loaded by itself.
bool load_provider() {
  return OSSL_PROVIDER_available(nullptr, "pkcs11") == 1 ||
         (OSSL_PROVIDER_try_load(nullptr, "pkcs11", 1) != nullptr &&
          OSSL_PROVIDER_load(nullptr, "default") != nullptr);
}

EVP_PKEY* load_by_provider(const std::string& uri, UI_METHOD* method, Pin& pin) {
  const Store store(OSSL_STORE_open(uri.c_str(), method, &pin, nullptr, nullptr),
                    &OSSL_STORE_close);
  while (store && OSSL_STORE_eof(store.get()) == 0) {
    const StoreItem item(OSSL_STORE_load(store.get()), &OSSL_STORE_INFO_free);
    if (!item) return nullptr;
    if (OSSL_STORE_INFO_get_type(item.get()) == OSSL_STORE_INFO_PKEY) {
      return OSSL_STORE_INFO_get1_PKEY(item.get());
    }
  }
  return nullptr;
}

// Deprecated in OpenSSL 3, and all that Debian 12 and EL8 have.
Engine find_engine() {
  ENGINE_load_dynamic();
  return {ENGINE_by_id("pkcs11"), &ENGINE_free};
}

EVP_PKEY* load_by_engine(ENGINE* engine, const std::string& uri, UI_METHOD* method, Pin& pin) {
  if (!pin.text.empty()) ENGINE_ctrl_cmd_string(engine, "PIN", pin.text.c_str(), 0);
  if (ENGINE_init(engine) != 1) return nullptr;
  EVP_PKEY* key = ENGINE_load_private_key(engine, uri.c_str(), method, &pin);
  ENGINE_finish(engine);  // the key holds on to the engine
  return key;
}

}  // namespace

base::Result<PrivateKey> PrivateKey::open_pkcs11(const std::string& uri, const base::Secret& pin) {
  const auto name = uri.substr(0, uri.find('?'));
  const auto method = answer_by_program();
  Pin answer{.text = std::string(pin.reveal())};
  const auto address = without_pin(uri, answer);
  EVP_PKEY* key = nullptr;
  bool reached = true;
  if (load_provider()) {
    key = load_by_provider(address, method.get(), answer);
  } else if (const Engine engine = find_engine()) {
    key = load_by_engine(engine.get(), address, method.get(), answer);
  } else {
    reached = false;
  }
  // OpenSSL's own words may quote the URI with its PIN.
  ERR_clear_error();
  if (!reached) {
    return base::Error(base::ErrorKind::input,
                       fmt::format("cannot open '{}': OpenSSL has no way to PKCS#11 tokens", name),
                       "install pkcs11-provider or libengine-pkcs11-openssl");
  }
  if (key == nullptr) {
    return base::Error(base::ErrorKind::input,
                       answer.asked && answer.text.empty()
                           ? fmt::format("the token of '{}' asks for a PIN", name)
                           : fmt::format("there is no private key at '{}'", name),
                       "check the URI (p11tool --list-all-urls) and the token's PIN");
  }
  KONVOY_TRY(auto owned, accept_rsa(key, name));
  return PrivateKey(PublicKey(std::move(owned)));
}

}  // namespace konvoy::crypto
