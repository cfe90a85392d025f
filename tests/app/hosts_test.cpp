#include "app/hosts.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/golden.hpp"

using namespace konvoy;

namespace {

std::string chosen(const app::HostOptions& options) {
  const auto hosts = app::choose_hosts(options);
  if (!hosts) return "error: " + hosts.error().message();
  std::string names;
  for (const auto& host : hosts->hosts) names += (names.empty() ? "" : " ") + host.name();
  return names;
}

}  // namespace

TEST_CASE("hosts come from the command line, an inventory or an image root") {
  CHECK(chosen({.hosts = {"root@n1:22", "n2", "local"}}) == "n1 n2 local");
  CHECK(chosen({.inventory_file = "a,b,c[1:2]"}) == "a b c1 c2");
  CHECK(chosen({.inventory_file = "a,b,c[1:2]", .limit = "c*:!c1"}) == "c2");
  CHECK(chosen({.root = "/usr"}) == "/usr");
}

TEST_CASE("one host on two ports is two machines, the same twice is a mistake") {
  CHECK(chosen({.hosts = {"n1:22", "n1:2222"}}) == "n1 n1:2222");
  CHECK(chosen({.hosts = {"n1", "n1"}}) == "error: the host 'n1' is named twice");
}

TEST_CASE("options that exclude each other") {
  CHECK(chosen({.hosts = {"n1"}, .root = "/mnt"}) ==
        "error: an image root is one machine of its own");
  CHECK(chosen({.limit = "a", .root = "/mnt"}) == "error: an image root is one machine of its own");
  CHECK(chosen({.root = "/mnt", .become = true}) == "error: nobody logs in to an image root");
  CHECK(chosen({.inventory_file = "a,", .hosts = {"n1"}}) ==
        "error: hosts are named by '--host' and by an inventory");
  CHECK(chosen({.limit = "a", .hosts = {"n1"}}) ==
        "error: hosts are named by '--host' and by an inventory");
}

TEST_CASE("a key and a root that are not there") {
  CHECK(chosen({.hosts = {"n1"}, .ssh_key = "none.pem"}) ==
        "error: there is no private key 'none.pem'");
  CHECK(chosen({.root = "/nowhere"}) == "error: there is no directory '/nowhere'");
  CHECK(chosen({.root = test::test_path("app/data/become/inventory.yaml")})
            .ends_with("is no directory that can be entered"));
}

TEST_CASE("no host is an error") {
  CHECK(chosen({.inventory_file = "a,", .limit = "b"}) ==
        "error: no group and no host matches 'b'");
  CHECK(chosen({.inventory_file = ","}) == "error: the inventory ',' has no hosts");
}

TEST_CASE("--ssh-key and --become win over the inventory") {
  const auto key = test::test_path("app/data/become/inventory.yaml");  // any file that is there
  const auto hosts = app::choose_hosts({.inventory_file = "a,", .ssh_key = key, .become = true});
  REQUIRE(hosts.ok());
  CHECK(hosts->hosts[0].host.connection.private_key_file == key);
  CHECK(hosts->hosts[0].host.connection.become);
}

TEST_CASE("a user of an inventory becomes root unless the inventory speaks about it") {
  const auto hosts =
      app::choose_hosts({.inventory_file = test::test_path("app/data/become/inventory.yaml")});
  REQUIRE(hosts.ok());
  std::string told;
  for (const auto& host : hosts->hosts) {
    told += host.name() + (host.host.connection.become ? "+" : "-") + " ";
  }
  CHECK(told == "plain- root- user+ says_no- says_yes+ here- ");
}
