#include "tls/handshake.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <memory>
#include <string_view>

namespace konvoy::tls {
namespace {

using base::Error;
using base::ErrorKind;

template <auto Function>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    Function(pointer);
  }
};
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Free<SSL_free>>;
using TextBio = std::unique_ptr<BIO, Free<BIO_free>>;

constexpr int most_rounds = 64;

Error openssl_failed() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return {ErrorKind::run, std::string("OpenSSL cannot prepare a handshake: ") + text.data()};
}

base::Result<Connection> prepare(const std::string& server_name) {
  const Context context(SSL_CTX_new(TLS_client_method()));
  if (!context) return openssl_failed();
  // The service is to be judged, not trusted: weak keys and old versions must come through.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), 0);
  SSL_CTX_set_max_proto_version(context.get(), 0);
  SSL_CTX_set_options(context.get(), SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (SSL_CTX_set_cipher_list(context.get(), "ALL:@SECLEVEL=0") != 1) return openssl_failed();
  // Also curves that are not approved: a certificate on one of them must be seen. A provider that
  // lacks some keeps its own list.
  if (SSL_CTX_set1_groups_list(context.get(), "P-256:P-384:P-521:X25519:X448:secp256k1") != 1) {
    ERR_clear_error();
  }
  Connection connection(SSL_new(context.get()));
  if (!connection) return openssl_failed();
  if (!server_name.empty() &&
      SSL_set_tlsext_host_name(connection.get(), server_name.c_str()) != 1) {
    return openssl_failed();
  }
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  if (in == nullptr || out == nullptr) {
    BIO_free(in);
    BIO_free(out);
    return openssl_failed();
  }
  SSL_set_bio(connection.get(), in, out);
  SSL_set_connect_state(connection.get());
  return connection;
}

base::Result<void> send_pending(SSL* connection, Transport& transport) {
  char* bytes = nullptr;
  BIO* out = SSL_get_wbio(connection);
  const long size = BIO_get_mem_data(out, &bytes);
  if (size > 0) {
    KONVOY_CHECK(transport.write(std::string_view(bytes, static_cast<std::size_t>(size))));
  }
  static_cast<void>(BIO_reset(out));
  return {};
}

std::string failure_text() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "the service closed the connection" : reason;
}

/// Gives an empty text when the handshake is complete, or else why it is not.
base::Result<std::string> drive(SSL* connection, Transport& transport,
                                std::chrono::milliseconds timeout) {
  for (int round = 0; round < most_rounds; ++round) {
    ERR_clear_error();
    const int status = SSL_do_handshake(connection);
    const int error = SSL_get_error(connection, status);
    std::string failure = status == 1 || error == SSL_ERROR_WANT_READ ? "" : failure_text();
    if (auto sent = send_pending(connection, transport); !sent && failure.empty()) {
      return "the service closed the connection";
    }
    if (status == 1 || !failure.empty()) return failure;
    auto received = transport.read(16384, timeout);
    if (!received) return received.error().message();
    if (received->empty()) return "the service closed the connection";
    BIO_write(SSL_get_rbio(connection), received->data(), static_cast<int>(received->size()));
  }
  return "the handshake does not end";
}

std::string text_of(const X509_NAME* name) {
  const TextBio bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<std::int64_t>(timegm(&parts)) : 0;
}

std::string curve_of(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) != 1) return {};
  const std::string_view curve(name.data(), length);
  if (curve == "prime256v1" || curve == "P-256") return "P-256";
  if (curve == "secp384r1" || curve == "P-384") return "P-384";
  if (curve == "secp521r1" || curve == "P-521") return "P-521";
  return std::string(curve);
}

Certificate describe(X509* certificate) {
  Certificate described{.subject = text_of(X509_get_subject_name(certificate)),
                        .issuer = text_of(X509_get_issuer_name(certificate)),
                        .not_before = seconds_of(X509_get0_notBefore(certificate)),
                        .not_after = seconds_of(X509_get0_notAfter(certificate)),
                        .self_signed = X509_self_signed(certificate, 0) == 1};
  if (const EVP_PKEY* key = X509_get0_pubkey(certificate); key != nullptr) {
    const char* type = EVP_PKEY_get0_type_name(key);
    described.key_type = type == nullptr ? "unknown" : type;
    described.key_bits = EVP_PKEY_get_bits(key);
    if (described.key_type == "EC") described.curve = curve_of(key);
  }
  int hash = NID_undef;
  if (X509_get_signature_info(certificate, &hash, nullptr, nullptr, nullptr) == 1 &&
      hash != NID_undef) {
    described.signature_hash = OBJ_nid2sn(hash);
  }
  return described;
}

Handshake describe(SSL* connection) {
  Handshake handshake;
  if (const SSL_CIPHER* cipher = SSL_get_current_cipher(connection); cipher != nullptr) {
    const char* name = SSL_CIPHER_standard_name(cipher);
    handshake.suite = name == nullptr ? SSL_CIPHER_get_name(cipher) : name;
    handshake.version = name_of(static_cast<Version>(SSL_version(connection)));
  }
  if (const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(connection); chain != nullptr) {
    for (int i = 0; i < sk_X509_num(chain); ++i) {
      handshake.chain.push_back(describe(sk_X509_value(chain, i)));
    }
  }
  return handshake;
}

/// OpenSSL calls it when the service asks for a certificate; 0: go on without one.
int note_client_certificate(SSL* connection, X509** /*certificate*/, EVP_PKEY** /*key*/) {
  *static_cast<bool*>(SSL_get_app_data(connection)) = true;
  return 0;
}

std::string group_of(SSL* connection) {
  const int id = static_cast<int>(SSL_get_negotiated_group(connection));
  const char* name = id == NID_undef ? nullptr : SSL_group_to_name(connection, id);
  if (name == nullptr) return {};
  const std::string_view group(name);
  if (group == "secp256r1" || group == "prime256v1") return "P-256";
  if (group == "secp384r1") return "P-384";
  if (group == "secp521r1") return "P-521";
  if (group == "x25519") return "X25519";
  if (group == "x448") return "X448";
  return std::string(group);
}

}  // namespace

base::Result<Handshake> shake_hands(Transport& transport, const std::string& server_name,
                                    std::chrono::milliseconds timeout) {
  KONVOY_TRY(const Connection connection, prepare(server_name));
  bool asked = false;
  SSL_set_app_data(connection.get(), &asked);
  SSL_CTX_set_client_cert_cb(SSL_get_SSL_CTX(connection.get()), note_client_certificate);
  KONVOY_TRY(std::string failure, drive(connection.get(), transport, timeout));
  Handshake handshake = describe(connection.get());
  handshake.completed = failure.empty();
  handshake.failure = std::move(failure);
  handshake.asks_for_client_certificate = asked;
  if (handshake.completed) handshake.group = group_of(connection.get());
  return handshake;
}

}  // namespace konvoy::tls
