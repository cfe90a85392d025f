#include "verify/tools.hpp"

#include <fmt/format.h>

#include "crypto/fips_state.hpp"
#include "system/file.hpp"
#include "system/process.hpp"

namespace konvoy::verify {
namespace {

using base::Error;
using base::ErrorKind;
using binary::Class;

constexpr std::chrono::minutes openssl_timeout{5};

base::Result<bool> check_with_library(const SigningKey& key, std::string_view content,
                                      std::string_view signature) {
  KONVOY_TRY(const auto parsed,
             crypto::PublicKey::parse_pem(key.spki_pem, "the manifest's signing key"));
  return parsed.verify(scheme_of(key.scheme), content, signature);
}

base::Result<bool> check_with_program(const SigningKey& key, std::string_view content,
                                      std::string_view signature) {
  KONVOY_TRY(const auto directory, system::TemporaryDirectory::make("konvoy-verify"));
  const std::string key_path = directory.path() + "/key.pem";
  const std::string signature_path = directory.path() + "/signature";
  KONVOY_CHECK(system::write_file(key_path, key.spki_pem, {.mode = 0600}));
  KONVOY_CHECK(system::write_file(signature_path, signature, {.mode = 0600}));
  std::vector<std::string> argv{"openssl", "dgst",       "-sha512",     "-verify",
                                key_path,  "-signature", signature_path};
  if (key.scheme == Scheme::pss) {
    // -2: whatever salt length the signature has (openssl-dgst(1)).
    argv.insert(argv.end(), {"-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-2"});
  }
  KONVOY_TRY(const auto outcome, system::run({.argv = std::move(argv),
                                              .input = base::Secret(std::string(content)),
                                              .timeout = openssl_timeout}));
  if (outcome.ok() && outcome.out.find("Verified OK") != std::string::npos) return true;
  if (outcome.status == 1 && outcome.out.find("Verification") != std::string::npos) return false;
  return Error{ErrorKind::run,
               fmt::format("openssl cannot check a signature (status {})", outcome.status)};
}

base::Result<ContentTools> classifying_tools() {
  KONVOY_TRY(auto data, binary::embedded_knowledge());
  const auto knowledge = std::make_shared<const binary::Knowledge>(std::move(data));
  return ContentTools{
      .classify = [knowledge](std::string_view content) -> base::Result<Classification> {
        KONVOY_TRY(const auto findings, binary::inspect(content, *knowledge));
        return Classification{.file_class = std::string(binary::name_of(findings.type)),
                              .objection = objection_to(findings.type)};
      }};
}

}  // namespace

crypto::SignatureScheme scheme_of(Scheme scheme) {
  return scheme == Scheme::pss ? crypto::SignatureScheme::rsa_pss_sha512
                               : crypto::SignatureScheme::rsa_pkcs1_sha512;
}

std::string objection_to(Class type) {
  switch (type) {
    case Class::goboring_tampered: return "the BoringCrypto module in it was changed";
    case Class::false_claim:
      return "it says it is a FIPS build, but its cryptography is plain Go's";
    case Class::plain_go: return "it is a Go program without a cryptographic module";
    case Class::goboring_unknown_module:
      return "the BoringCrypto module in it is no build that is known";
    case Class::goboring:
    case Class::openssl_backed:
    case Class::go_native:
    case Class::no_crypto:
    case Class::not_go:
    case Class::not_elf: return {};
  }
  return {};
}

base::Result<ContentTools> own_tools() {
  KONVOY_TRY(ContentTools tools, classifying_tools());
  tools.check_signature = check_with_library;
  tools.signature_by = crypto::openssl_version();
  return tools;
}

base::Result<ContentTools> node_tools() {
  KONVOY_TRY(ContentTools tools, classifying_tools());
  tools.check_signature = check_with_program;
  tools.signature_by = "the node's openssl";
  tools.digest_by_openssl = true;
  return tools;
}

}  // namespace konvoy::verify
