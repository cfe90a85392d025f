#include "verify/report.hpp"

#include <doctest/doctest.h>

#include "json/render.hpp"
#include "support/golden.hpp"

using namespace konvoy::verify;

namespace {

Report good() {
  return {.host = "node-1",
          .signed_by = "D4AFFBB1B32F04A09FA1BE29616F0D273CA64D28",
          .signer = "Release Signing <release@example.org>",
          .verified_by = "gpgv (GnuPG) 2.2.40",
          .os = "rhel 8.4 x86_64",
          .module_name = "BoringCrypto",
          .module_certificate = "3702",
          .components = {{.name = "/usr/bin/kubelet",
                          .detail = "Signature Validated",
                          .file_class = "goboring",
                          .package = "kubelet-1.21.6-0.x86_64",
                          .signature_by = "OpenSSL"},
                         {.name = "etcd",
                          .kind = Component::Kind::image,
                          .detail = "Digest Validated"}},
          .services = {{.name = "kube-apiserver",
                        .address = "localhost:6443",
                        .preferred_cipher = "TLS_AES_128_GCM_SHA256",
                        .negotiated_cipher = "TLS_AES_128_GCM_SHA256",
                        .versions = {{"TLS1.3", {"TLS_AES_128_GCM_SHA256"}, true},
                                     {"TLS1.2", {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}, false}},
                        .groups = {"P-256"},
                        .certificates = {"CN=kube-apiserver: RSA 2048, SHA256"}}},
          .os_finding = {.fips_enabled = true,
                         .signs = {{"running", "yes", "/proc/sys/crypto/fips_enabled is 1"}}}};
}

Report bad() {
  Report report = good();
  report.problems = {"the manifest is for rhel 7.9, the node is rhel 8.4"};
  report.components[0] = {.name = "/usr/bin/kubelet",
                          .status = Status::mismatch,
                          .detail = "it has 5 bytes, the manifest says 4",
                          .fix = "install the package anew"};
  report.extra_executables = {"/usr/local/bin/kubelet"};
  auto& service = report.services[0];
  service.status = ServiceStatus::failed;
  service.rejected = {"TLS_RSA_WITH_3DES_EDE_CBC_SHA"};
  service.remarks = {{.fails = true,
                      .what = "accepts TLS_RSA_WITH_3DES_EDE_CBC_SHA with TLS1.2",
                      .fix = "set --tls-cipher-suites"},
                     {.what = "accepts TLS_RSA_WITH_AES_128_GCM_SHA256 with TLS1.2"}};
  report.os_finding = {.fips_enabled = false};
  return report;
}

}  // namespace

TEST_CASE("a report as text and as JSON") {
  konvoy::test::check_golden("verify/golden/good.txt", render_text(good()));
  konvoy::test::check_golden("verify/golden/good.json", konvoy::json::render(to_value(good())));
  konvoy::test::check_golden("verify/golden/bad.txt", render_text(bad()));
  konvoy::test::check_golden("verify/golden/bad.json", konvoy::json::render(to_value(bad())));
}

TEST_CASE("one thing that is wrong is enough") {
  CHECK(good().passed());
  Report report = good();
  SUBCASE("a file") {
    report.components[0].status = Status::missing;
  }
  SUBCASE("a service") {
    report.services[0].status = ServiceStatus::failed;
  }
  SUBCASE("a service that could not be asked") {
    report.services[0].status = ServiceStatus::unknown;
  }
  SUBCASE("another node") {
    report.problems = {"x"};
  }
  SUBCASE("a sign") {
    report.os_finding.passed = false;
  }
  SUBCASE("the running kernel") {
    report.os_finding.fips_enabled = false;
  }
  SUBCASE("a running kernel that does not say") {
    report.os_finding.fips_enabled.reset();
  }
  CHECK_FALSE(report.passed());
}

TEST_CASE("warnings, and what does not run, do not fail") {
  Report report = good();
  report.services[0].status = ServiceStatus::warning;
  report.services.push_back({.name = "etcd", .status = ServiceStatus::not_running});
  report.extra_executables = {"/usr/bin/kubectl"};
  CHECK(report.passed());
}

TEST_CASE("an image root has no running kernel: its signs alone count") {
  Report report = good();
  report.live = false;
  report.os_finding.fips_enabled.reset();
  CHECK(report.passed());
  report.os_finding.passed = false;
  CHECK_FALSE(report.passed());
}
