// Inventories of every kind, read as Ansible reads them: tests/e2e/test_inventory.py holds the
// golden files against ansible-inventory.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "inventory/read.hpp"
#include "json/render.hpp"
#include "support/golden.hpp"

using namespace konvoy;

namespace {

value::Value names(const std::vector<std::string>& all) {
  return value::List(all.begin(), all.end());
}

// What ansible-inventory --list tells, in a shape that is easy to compare.
std::string listed(const inventory::Inventory& inventory) {
  value::Map hosts;
  for (const auto& host : inventory.hosts) hosts.set(host.name, host.vars);
  value::Map groups;
  for (const auto& group : inventory.groups) {
    groups.set(group.name, names(inventory.hosts_of(group.name)));
  }
  value::Map all;
  all.set("groups", std::move(groups));
  all.set("hosts", std::move(hosts));
  return json::render(all, {.reveal_secrets = true});
}

void check(const std::string& name, const std::string& file) {
  CAPTURE(name);
  const auto inventory =
      inventory::read_inventory(test::test_path("inventory/corpus/" + name + "/" + file));
  if (!inventory) MESSAGE(base::render(inventory.error().diagnostics));
  REQUIRE(inventory.ok());
  test::check_golden("inventory/corpus/" + name + "/listed.json", listed(*inventory));
}

}  // namespace

TEST_CASE("INI inventories") {
  check("ini-plain", "hosts.ini");
  check("ini-order", "hosts.ini");
  check("diamond", "hosts.ini");
  check("ipv6", "hosts.ini");
  check("no-ending-ini", "hosts");
}

TEST_CASE("YAML inventories") {
  check("yaml-kib", "inventory.yaml");
  check("yaml-top", "inventory.yml");
  check("no-ending", "hosts");
  check("json", "inventory.json");
}
