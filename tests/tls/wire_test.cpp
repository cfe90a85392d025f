#include "tls/wire.hpp"

#include <doctest/doctest.h>

#include "base/encoding.hpp"
#include "fake_server.hpp"

using namespace konvoy::tls;
namespace fake = konvoy::test::fake;

namespace {
Offer offer(Version version) {
  return {.version = version,
          .suites = {0x1301, 0xC02F},
          .groups = {23, 29},
          .server_name = "kube",
          .random = std::string(32, 'x')};
}
}  // namespace

TEST_CASE("a TLS 1.2 offer, byte for byte") {
  CHECK(konvoy::base::to_hex(render_client_hello(offer(Version::tls1_2))) ==
        "160301007f"    // record
        "0100007b0303"  // client hello, version
        "7878787878787878787878787878787878787878787878787878787878787878"
        "00"            // no session
        "00041301c02f"  // suites
        "0100"          // compression
        "004e"          // extensions
        "00000009000700000"
        "46b756265"
        "000a00060004"
        "0017001d"
        "000b00020100"
        "000d00240022"
        "040305030603080408050806040105010601"
        "0809080a080b08070808"
        "020302010202"
        "00170000"
        "ff01000100");
}

TEST_CASE("versions differ in what they carry") {
  const auto new_hello = fake::parse(render_client_hello(offer(Version::tls1_3)));
  CHECK(new_hello.version == Version::tls1_3);
  CHECK(new_hello.suites == std::vector<std::uint16_t>{0x1301, 0xC02F});
  CHECK(new_hello.groups == std::vector<std::uint16_t>{23, 29});
  const auto old_hello = fake::parse(render_client_hello(offer(Version::ssl3)));
  CHECK(old_hello.version == Version::ssl3);
  CHECK(old_hello.groups.empty());
  CHECK(name_of(Version::tls1_3) == "TLS1.3");
}

TEST_CASE("a server's choice is read, however it arrives") {
  const std::string bytes = fake::server_hello(Version::tls1_2, 0xC02F, 0);
  CHECK(std::get<ServerHello>(parse_reply(bytes)) ==
        ServerHello{.version = Version::tls1_2, .suite = 0xC02F});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK(std::holds_alternative<Incomplete>(parse_reply(bytes.substr(0, size))));
  }
  const std::string body = bytes.substr(5);
  CHECK(std::holds_alternative<ServerHello>(
      parse_reply(fake::record(22, body.substr(0, 3)) + fake::record(22, body.substr(3)))));
}

TEST_CASE("a TLS 1.3 choice says so in its extensions") {
  CHECK(std::get<ServerHello>(parse_reply(fake::server_hello(Version::tls1_3, 0x1302, 24))) ==
        ServerHello{.version = Version::tls1_3, .suite = 0x1302, .group = 24});
}

TEST_CASE("refusals and strangers are told apart") {
  CHECK(std::get<Alert>(parse_reply(fake::record(21, "\x02\x46"))) == Alert{2, 70});
  CHECK(alert_name(70) == "protocol_version");
  CHECK(alert_name(99) == "alert 99");
  // A warning before the hello is none.
  CHECK(std::holds_alternative<ServerHello>(
      parse_reply(fake::record(21, "\x01\x70") + fake::server_hello(Version::tls1_2, 5, 0))));
  CHECK(std::holds_alternative<NotTls>(parse_reply("HTTP/1.0 400 Bad Request")));
  CHECK(
      std::holds_alternative<NotTls>(parse_reply(fake::record(22, std::string("\x0e\0\0\0", 4)))));
  CHECK(std::holds_alternative<NotTls>(parse_reply(std::string("\x16\x03\x03\0\0", 5))));
  CHECK(std::holds_alternative<NotTls>(parse_reply(std::string("\x16\x03\x03\xff\xff", 5))));
  std::string damaged = fake::server_hello(Version::tls1_3, 0x1302, 24);
  damaged[9 + 38 + 1] = 99;  // longer extensions than there are bytes
  CHECK(std::holds_alternative<NotTls>(parse_reply(damaged)));
}
