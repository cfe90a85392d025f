#include "tls/scan.hpp"

#include <doctest/doctest.h>

#include "fake_server.hpp"
#include "tls/suites.hpp"

using namespace konvoy::tls;
using konvoy::test::connect_to;
using konvoy::test::FakeServer;
using Suites = std::vector<std::uint16_t>;

namespace {
constexpr ScanLimits at_once{.pause = std::chrono::milliseconds(0),
                             .backoff = std::chrono::milliseconds(0)};
}

TEST_CASE("suites come out in the server's order, weak ones too") {
  FakeServer server{.suites = {{Version::tls1_3, {0x1302, 0x1301}},
                               {Version::tls1_2, {0xC030, 0x000A, 0x0005, 0x0001, 0x0003}},
                               {Version::tls1_0, {0x002F}}},
                    .groups = {24, 29}};
  const auto found = scan(connect_to(server), "", at_once);
  REQUIRE(found);
  REQUIRE(found->versions.size() == 3);
  CHECK(found->versions[0] == AcceptedVersion{Version::tls1_3, {0x1302, 0x1301}, true});
  CHECK(found->versions[1] ==
        AcceptedVersion{Version::tls1_2, {0xC030, 0x000A, 0x0005, 0x0001, 0x0003}, true});
  CHECK(found->versions[2] == AcceptedVersion{Version::tls1_0, {0x002F}, true});
  CHECK(found->groups == Suites{24, 29});
  CHECK(found->connections == server.connections);
  CHECK(found->connections < 45);
}

TEST_CASE("a server that goes by the client's order is told from others") {
  FakeServer server{.suites = {{Version::tls1_2, {0xC030, 0xC02F}}}, .server_order = false};
  const auto found = scan(connect_to(server), "", at_once);
  REQUIRE(found);
  CHECK(found->versions == std::vector{AcceptedVersion{Version::tls1_2, {0xC02F, 0xC030}, false}});
}

TEST_CASE("a server that closes instead of an alert refuses all the same") {
  FakeServer server{.suites = {{Version::tls1_2, {0xC030}}}, .closes_instead_of_alerts = true};
  const auto found = scan(connect_to(server), "", at_once);
  REQUIRE(found);
  CHECK(found->versions == std::vector{AcceptedVersion{Version::tls1_2, {0xC030}, true}});
}

TEST_CASE("a service without any TLS is not one that accepts nothing") {
  FakeServer server{.closes_instead_of_alerts = true};
  CHECK(scan(connect_to(server), "", at_once).error().message() ==
        "it closes every connection without an answer");
}

TEST_CASE("a lost connection is made again, a lost service is an error") {
  FakeServer server{.suites = {{Version::tls1_2, {0xC030}}}, .failing_connections = 2};
  const auto found = scan(connect_to(server), "", at_once);
  REQUIRE(found);
  CHECK(found->versions.size() == 1);
  FakeServer dying{.suites = {{Version::tls1_2, {0xC030}}}, .failing_connections = 99};
  const auto lost = scan(connect_to(dying), "", at_once);
  REQUIRE_FALSE(lost);
  CHECK(lost.error().kind == konvoy::base::ErrorKind::check);
  CHECK(lost.error().message() == "connection refused");
  CHECK(dying.connections == 5);
}

TEST_CASE("a service that accepts without end is left alone") {
  FakeServer server;
  for (const Version version : {Version::tls1_2, Version::tls1_1, Version::tls1_0}) {
    server.suites[version] = suites_of(version);
  }
  const auto found = scan(connect_to(server), "", at_once);
  REQUIRE_FALSE(found);
  CHECK(found.error().message() == "it still accepts suites after 300 connections");
}
