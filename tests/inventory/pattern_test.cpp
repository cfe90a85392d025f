#include "inventory/pattern.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "inventory/ini.hpp"

using namespace konvoy;

namespace {

const inventory::Inventory& inventory_of_tests() {
  static const auto inventory = [] {
    const auto draft = inventory::parse_ini(
        std::make_shared<base::SourceText>(base::SourceText{.name = "hosts", .text = R"(
alone.example
[web]
web[1:4]
[db]
db1
db2
[blue]
web1
db1
2001:db8::7
[site:children]
web
db
)"}));
    return *inventory::assemble(*draft, {});
  }();
  return inventory;
}

std::string chosen(std::string_view pattern) {
  const auto names = inventory::select_hosts(inventory_of_tests(), pattern);
  if (!names) return "error: " + names.error().message();
  std::string all;
  for (const auto& name : *names) all += (all.empty() ? "" : " ") + name;
  return all;
}

}  // namespace

TEST_CASE("host patterns") {
  CHECK(chosen("all") == "alone.example web1 web2 web3 web4 db1 db2 2001:db8::7");
  CHECK(chosen("*") == chosen("all"));
  CHECK(chosen("web") == "web1 web2 web3 web4");
  CHECK(chosen("db:web") == "web1 web2 web3 web4 db1 db2");
  CHECK(chosen("db2,web1") == "web1 db2");
  CHECK(chosen("site:&blue") == "web1 db1");
  CHECK(chosen("!site") == "alone.example 2001:db8::7");
  CHECK(chosen("!web1:web:!web[3]") == "web2 web3");
  CHECK(chosen("site:&blue:!db1") == "web1");
  CHECK(chosen("&blue") == "web1 db1 2001:db8::7");
  CHECK(chosen("web?") == "web1 web2 web3 web4");
  CHECK(chosen("*.example") == "alone.example");
  CHECK(chosen("ungrouped") == "alone.example");
  CHECK(chosen("~(web|db)[12]$") == "web1 web2 db1 db2");
  CHECK(chosen("~eb1") == "error: no group and no host matches '~eb1'");
  CHECK(chosen("2001:db8::7") == "2001:db8::7");
  CHECK(chosen("web[0]") == "web1");
  CHECK(chosen("web[-1]") == "web4");
  CHECK(chosen("web[1:2]") == "web2 web3");
  CHECK(chosen("web[2:]") == "web3 web4");
  CHECK(chosen("site[0:9]") == "web1 web2 web3 web4 db1 db2");
  CHECK(chosen("b[lx]ue") == "web1 db1 2001:db8::7");
}

TEST_CASE("a pattern that means nothing is an error") {
  CHECK(chosen("wbe") == "error: no group and no host matches 'wbe'");
  CHECK(chosen("web:!wbe1") == "error: no group and no host matches 'wbe1'");
  CHECK(chosen("web:&db") == "error: the pattern 'web:&db' leaves no host");
  CHECK(chosen("web[9]") == "error: 'web[9]' is outside of the 4 hosts of 'web'");
  CHECK(chosen("~(") == "error: '(' is no regular expression");
  CHECK(inventory::select_hosts(inventory_of_tests(), "wbe1").error().diagnostics[0].hint ==
        "did you mean 'web1'?");
}
