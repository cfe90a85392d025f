#include "tls/policy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "tls/suites.hpp"

namespace konvoy::tls {
namespace {

constexpr std::array<std::uint16_t, 6> approved_suites{
    0x1301,   // TLS_AES_128_GCM_SHA256
    0x1302,   // TLS_AES_256_GCM_SHA384
    0xC02B,   // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    0xC02C,   // TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    0xC02F,   // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    0xC030};  // TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
constexpr std::array<std::uint16_t, 2> warned_suites{0x009C,   // TLS_RSA_WITH_AES_128_GCM_SHA256
                                                     0x009D};  // TLS_RSA_WITH_AES_256_GCM_SHA384
constexpr std::array<std::uint16_t, 8> approved_groups{23, 24, 25, 256, 257, 258, 259, 260};
constexpr std::array<std::string_view, 3> approved_curves{"P-256", "P-384", "P-521"};
constexpr std::array<std::string_view, 3> approved_hashes{"SHA256", "SHA384", "SHA512"};

constexpr std::string_view fix_suites =
    "set --tls-cipher-suites (etcd: --cipher-suites; kubelet: tlsCipherSuites) to the ECDHE suites "
    "with AES-GCM";
/// Go ignores its list of suites for TLS 1.3.
constexpr std::string_view fix_tls13 =
    "run a build whose TLS keeps to FIPS (crypto/tls/fipsonly), or allow TLS1.2 only";
constexpr std::string_view fix_versions =
    "set --tls-min-version (kubelet: tlsMinVersion) to VersionTLS12";
constexpr std::string_view fix_groups =
    "run a build that allows only FIPS curves (crypto/tls/fipsonly)";
constexpr std::string_view fix_certificate =
    "issue the certificate anew, with an RSA key of 2048 bits or more, or on P-256 or P-384, "
    "signed "
    "with SHA-256 or better";

template <class Set, class Item>
bool holds(const Set& set, const Item& item) {
  return std::find(set.begin(), set.end(), item) != set.end();
}

bool key_is_approved(const Certificate& certificate) {
  if (certificate.key_type == "RSA" || certificate.key_type == "RSA-PSS") {
    return certificate.key_bits >= 2048;
  }
  return certificate.key_type == "EC" && holds(approved_curves, certificate.curve);
}

std::string key_text(const Certificate& certificate) {
  if (!certificate.curve.empty()) return certificate.key_type + " on " + certificate.curve;
  return fmt::format("{} of {} bits", certificate.key_type, certificate.key_bits);
}

void judge_certificate(const Certificate& certificate, std::vector<Objection>& objections) {
  if (!key_is_approved(certificate)) {
    objections.push_back({Standing::refused,
                          fmt::format("the certificate of '{}' has a key that is not approved: {}",
                                      certificate.subject, key_text(certificate)),
                          std::string(fix_certificate)});
  }
  if (!certificate.self_signed && !holds(approved_hashes, certificate.signature_hash)) {
    const std::string hash =
        certificate.signature_hash.empty() ? "an algorithm of its own" : certificate.signature_hash;
    objections.push_back({Standing::refused,
                          fmt::format("the certificate of '{}' is signed with {}, which is not "
                                      "approved",
                                      certificate.subject, hash),
                          std::string(fix_certificate)});
  }
}

/// One line for all suites of a version that stand alike: they have one remedy.
void object_to_suites(const AcceptedVersion& version, Standing standing,
                      std::vector<Objection>& objections) {
  std::vector<std::string> names;
  for (const std::uint16_t suite : version.suites) {
    if (judge_suite(suite) == standing) names.push_back(suite_name(suite));
  }
  if (names.empty()) return;
  objections.push_back(
      {standing,
       fmt::format("accepts with {}: {}", name_of(version.version), fmt::join(names, ", ")),
       std::string(version.version == Version::tls1_3 ? fix_tls13 : fix_suites)});
}

}  // namespace

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::approved: return "approved";
    case Standing::warned: return "warning";
    case Standing::refused: return "not approved";
  }
  return "not approved";
}

Standing judge(Version version) {
  return version >= Version::tls1_2 ? Standing::approved : Standing::refused;
}

Standing judge_suite(std::uint16_t suite) {
  if (holds(approved_suites, suite)) return Standing::approved;
  return holds(warned_suites, suite) ? Standing::warned : Standing::refused;
}

Standing judge_group(std::uint16_t group) {
  return holds(approved_groups, group) ? Standing::approved : Standing::refused;
}

std::vector<Objection> judge(const Scan& scan) {
  std::vector<Objection> objections;
  for (const AcceptedVersion& version : scan.versions) {
    if (judge(version.version) != Standing::approved) {
      objections.push_back({Standing::refused, fmt::format("accepts {}", name_of(version.version)),
                            std::string(fix_versions)});
    }
    object_to_suites(version, Standing::refused, objections);
    object_to_suites(version, Standing::warned, objections);
  }
  for (const std::uint16_t group : scan.groups) {
    if (judge_group(group) == Standing::approved) continue;
    objections.push_back({Standing::refused,
                          fmt::format("agrees on keys over {}", group_name(group)),
                          std::string(fix_groups)});
  }
  return objections;
}

std::vector<Objection> judge(const Handshake& handshake) {
  std::vector<Objection> objections;
  for (const Certificate& certificate : handshake.chain) {
    judge_certificate(certificate, objections);
  }
  return objections;
}

}  // namespace konvoy::tls
