#include "tls/policy.hpp"

#include <doctest/doctest.h>

#include "tls/suites.hpp"

using namespace konvoy::tls;

namespace {
std::vector<std::string> words(const std::vector<Objection>& objections) {
  std::vector<std::string> texts;
  for (const auto& objection : objections) {
    texts.push_back(std::string(name_of(objection.standing)) + ": " + objection.what);
  }
  return texts;
}
using Words = std::vector<std::string>;
}  // namespace

TEST_CASE("exactly six suites are approved and two are warned of") {
  int approved = 0;
  int warned = 0;
  for (const Suite& suite : all_suites()) {
    approved += judge_suite(suite.id) == Standing::approved ? 1 : 0;
    warned += judge_suite(suite.id) == Standing::warned ? 1 : 0;
  }
  CHECK(approved == 6);
  CHECK(warned == 2);
  CHECK(judge_suite(0x1303) == Standing::refused);  // ChaCha20 of TLS 1.3
  CHECK(judge_suite(0xC013) == Standing::refused);  // CBC
}

TEST_CASE("a scan is judged suite by suite") {
  const Scan good{.versions = {{Version::tls1_3, {0x1301}}, {Version::tls1_2, {0xC030}}},
                  .groups = {23, 24}};
  CHECK(judge(good).empty());
  const Scan bad{
      .versions = {{Version::tls1_2, {0x009C, 0x000A}}, {Version::tls1_0, {0xC013, 0x002F}}},
      .groups = {29}};
  CHECK(words(judge(bad)) ==
        Words{"not approved: accepts with TLS1.2: TLS_RSA_WITH_3DES_EDE_CBC_SHA",
              "warning: accepts with TLS1.2: TLS_RSA_WITH_AES_128_GCM_SHA256",
              "not approved: accepts TLS1.0",
              "not approved: accepts with TLS1.0: TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, "
              "TLS_RSA_WITH_AES_128_CBC_SHA",
              "not approved: agrees on keys over X25519"});
}

TEST_CASE("certificates are judged by key and signature") {
  const Certificate good{
      .subject = "CN=a", .key_type = "RSA", .key_bits = 2048, .signature_hash = "SHA256"};
  CHECK(judge(Handshake{.chain = {good}}).empty());
  Certificate bad = good;
  bad.key_bits = 1024;
  bad.signature_hash = "SHA1";
  CHECK(
      words(judge(Handshake{.chain = {bad}})) ==
      Words{"not approved: the certificate of 'CN=a' has a key that is not approved: RSA of 1024 "
            "bits",
            "not approved: the certificate of 'CN=a' is signed with SHA1, which is not approved"});
  bad = good;
  bad.key_type = "EC";
  bad.curve = "secp256k1";
  CHECK(words(judge(Handshake{.chain = {bad}})) ==
        Words{"not approved: the certificate of 'CN=a' has a key that is not approved: EC on "
              "secp256k1"});
  bad = good;
  bad.signature_hash = "SHA1";
  bad.self_signed = true;
  CHECK(judge(Handshake{.chain = {bad}}).empty());
}
