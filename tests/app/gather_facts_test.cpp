#include "app/gather_facts.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "support/golden.hpp"
#include "support/machine_text.hpp"

using namespace konvoy;

namespace {

base::Result<std::unique_ptr<target::Target>> open_fake(const app::ChosenHost& host) {
  if (host.name() == "gone") {
    return base::Error(base::ErrorKind::unreachable, "no route to host 'gone'");
  }
  if (host.name() == "no root") return base::Error(base::ErrorKind::input, "no such directory");
  if (host.name() == "broken") return base::Error(base::ErrorKind::run, "sudo wants a password");
  return std::make_unique<test::FakeTarget>(test::machine_from(
      test::test_data("facts/machines/" + host.name() + ".txt"), host.name(), host.root.empty()));
}

std::vector<app::GatheredFacts> gathered(std::initializer_list<const char*> names) {
  std::vector<app::ChosenHost> hosts;
  for (const auto* name : names) hosts.push_back({.host = {.name = name}});
  return app::gather_facts(hosts, open_fake, 3);
}

}  // namespace

TEST_CASE("every host is asked, one that is gone does not stop the others") {
  const auto all = gathered({"rhel-8.4-uefi", "gone", "centos-7.9-bios", "rhel-9.2", "debian-12"});
  test::check_golden("app/golden/facts.txt", render_text(all));
  const auto value = to_value(all);
  const auto& hosts = *value.at_path("hosts")->list();
  REQUIRE(hosts.size() == 5);
  CHECK(*hosts[0].at_path("facts.boot.uefi") == value::Value(true));
  CHECK(*hosts[0].at_path("facts.ansible_distribution_version") == value::Value("8.4"));
  CHECK(*hosts[1].at_path("reachable") == value::Value(false));
  CHECK(*hosts[1].at_path("error") == value::Value("no route to host 'gone'"));
}

TEST_CASE("exit codes: a failure wins over an unreachable host") {
  CHECK(exit_code(gathered({"debian-12"})) == 0);
  CHECK(exit_code(gathered({"debian-12", "gone"})) == 4);
  CHECK(exit_code(gathered({"gone", "broken"})) == 3);
  CHECK(exit_code(gathered({"broken", "gone", "no root"})) == 2);
}
