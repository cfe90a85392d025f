#include "app/inventory_variables.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/hosts.hpp"
#include "app/resolved_configuration.hpp"
#include "json/render.hpp"
#include "support/golden.hpp"
#include "template/engine.hpp"

using namespace konvoy;

namespace {

std::string text_of(const value::Value* value) {
  REQUIRE(value != nullptr);
  return json::render(*value, {.indent = 0});
}

app::ChosenHost chosen(const app::HostOptions& options, std::size_t index) {
  auto hosts = app::choose_hosts(options);
  REQUIRE(hosts);
  REQUIRE(hosts->hosts.size() > index);
  return hosts->hosts[index];
}

app::HostOptions of_three() {
  return {.inventory_file = test::test_path("app/data/groups/inventory.yaml"), .limit = "n2*"};
}

}  // namespace

TEST_CASE("groups hold the whole inventory, whatever --limit leaves") {
  const auto host = chosen(of_three(), 0);
  CHECK(host.name() == "n2.example");
  CHECK(text_of(host.inventory.at_path("groups.all")) == R"(["n1", "n2.example", "n3"])");
  CHECK(text_of(host.inventory.at_path("groups.control")) == R"(["n1"])");
  CHECK(text_of(host.inventory.at_path("groups.cluster")) == R"(["n1", "n2.example"])");
  CHECK(text_of(host.inventory.at_path("groups.ungrouped")) == R"(["n3"])");
}

TEST_CASE("a host knows its name and its groups") {
  const auto variables = app::host_variables(chosen(of_three(), 0).host);
  CHECK(text_of(variables.find("inventory_hostname")) == R"("n2.example")");
  CHECK(text_of(variables.find("inventory_hostname_short")) == R"("n2")");
  CHECK(text_of(variables.find("group_names")) == R"(["cluster", "workers"])");
}

TEST_CASE("hostvars are the variables of the inventory, their templates rendered for their host") {
  const auto all = chosen(of_three(), 0).inventory;
  CHECK(text_of(all.at_path("hostvars.n1.ansible_host")) == R"("10.0.0.1")");
  CHECK(text_of(all.at_path("hostvars.n1.address")) == R"("n1 at 10.0.0.1")");
  CHECK(text_of(all.at_path("hostvars.n1.inventory_hostname")) == R"("n1")");
  CHECK(text_of(all.at_path("hostvars.n3.group_names")) == R"(["ungrouped"])");
  CHECK(all.at_path("hostvars.n3.of_a_fact") == nullptr);
  CHECK(all.at_path("hostvars.n1.ansible_password")->is_secret());
}

TEST_CASE("templates of a configuration see them") {
  const auto template_text = std::string(
      "no_proxy={{ inventory_hostname }} in {{ group_names | join('+') }} of "
      "{{ hostvars[groups['all'][0]].address }}");
  const auto configuration = app::read_configuration({.extra_vars = {template_text}});
  REQUIRE(configuration);
  const auto resolved = app::resolve_for_each(*configuration)(chosen(of_three(), 0), {});
  REQUIRE(resolved);
  CHECK(text_of(resolved->at_path("no_proxy")) ==
        R"("n2.example in cluster+workers of n1 at 10.0.0.1")");
}

TEST_CASE("hosts of the command line are an inventory, too") {
  const auto host = chosen({.hosts = {"root@a", "b"}}, 1);
  CHECK(text_of(host.inventory.at_path("groups")) ==
        R"({"all": ["a", "b"], "ungrouped": ["a", "b"]})");
  CHECK(text_of(app::host_variables(host.host).find("group_names")) == R"(["ungrouped"])");
}
