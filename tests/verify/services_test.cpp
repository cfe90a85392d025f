#include "verify/services.hpp"

#include <doctest/doctest.h>

#include "support/fake_target.hpp"

using namespace konvoy::verify;
using konvoy::test::FakeTarget;

namespace {
constexpr konvoy::tls::ScanLimits at_once{.pause = std::chrono::milliseconds(0),
                                          .backoff = std::chrono::milliseconds(0)};
std::vector<std::string> addresses(const std::vector<ServiceQuestion>& questions) {
  std::vector<std::string> all;
  for (const auto& question : questions) {
    all.push_back(question.service.name + "=" + address_of(question.service) +
                  (question.must_run ? "!" : ""));
  }
  return all;
}
using Words = std::vector<std::string>;
}  // namespace

TEST_CASE("the manifest's services come first, each address once") {
  const Manifest manifest{.services = {{.name = "api", .host = "localhost", .port = 6443},
                                       {.name = "registry", .host = "10.0.0.1", .port = 5000}}};
  const auto questions = services_to_ask(manifest, {"mine=[::1]:9443", "kubelet=localhost:10250"});
  REQUIRE(questions);
  CHECK(addresses(*questions) == Words{"api=localhost:6443", "registry=10.0.0.1:5000",
                                       "kubelet=localhost:10250!", "etcd=localhost:2379",
                                       "etcd-peer=localhost:2380", "mine=[::1]:9443!"});
}

TEST_CASE("a text that names no service is refused") {
  for (const char* text :
       {"", "x", "=localhost:1", "a=b", "a=:1", "a=b:0", "a=b:70000", "a=b:1x"}) {
    CAPTURE(text);
    const auto questions = services_to_ask({}, {text});
    REQUIRE_FALSE(questions);
    CHECK(questions.error().kind == konvoy::base::ErrorKind::usage);
  }
}

TEST_CASE("nothing listens: that is no fault unless somebody asked for it") {
  FakeTarget node;
  const ServiceEntry service{.name = "etcd", .host = "localhost", .port = 2379};
  CHECK(verify_service(node, {service}, at_once).status == ServiceStatus::not_running);
  CHECK(verify_service(node, {service, true}, at_once).status == ServiceStatus::failed);
}

TEST_CASE("something else listens there") {
  FakeTarget node;
  node.on_connect({"localhost", 2379}, "SSH-2.0-OpenSSH_8.0\r\n");
  const auto finding =
      verify_service(node, {{.name = "etcd", .host = "localhost", .port = 2379}}, at_once);
  CHECK(finding.status == ServiceStatus::failed);
  REQUIRE(finding.remarks.size() == 1);
  CHECK(finding.remarks[0].what == "it does not speak TLS: it does not answer with a TLS record");
}

TEST_CASE("ports that are listened to are read from the kernel's table") {
  CHECK(parse_listening_ports("  sl  local_address rem_address   st tx_queue\n"
                              "   0: 0100007F:1A2B 00000000:0000 0A 00000000:00000000\n"
                              "   1: 0100007F:0016 0100007F:9999 01 00000000:00000000\n"
                              "   2: 00000000000000000000000000000000:192B "
                              "00000000000000000000000000000000:0000 0A 0\n") ==
        std::vector<std::uint16_t>{0x1A2B, 6443});
  CHECK(parse_listening_ports("").empty());
}
