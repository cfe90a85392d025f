#include "app/validate_fips.hpp"

#include <doctest/doctest.h>

#include "json/render.hpp"
#include "support/fake_target.hpp"

using namespace konvoy;
using app::ChosenHost;

namespace {

ChosenHost host(std::string name) {
  ChosenHost chosen;
  chosen.host.name = std::move(name);
  return chosen;
}

/// A machine where nothing of FIPS mode is there.
app::OpenTarget plain_machines() {
  return [](const ChosenHost& chosen) -> base::Result<std::unique_ptr<target::Target>> {
    if (chosen.name() == "gone")
      return base::Error(base::ErrorKind::unreachable, "no route to host");
    auto machine = std::make_unique<test::FakeTarget>(chosen.name());
    machine->add_file("/etc/os-release", "ID=rhel\nVERSION_ID=8.4\n");
    return machine;
  };
}

}  // namespace

TEST_CASE("every host gets its table, and one that does not answer its reason") {
  const std::vector<ChosenHost> hosts{host("plain"), host("gone")};
  const auto found = app::validate_fips(hosts, plain_machines(), 2);
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "plain");
  CHECK(found[0].signs.signs.size() == 6);
  CHECK(app::exit_code(found) == 1);
  const auto value = app::to_value(found);
  const auto& list = *value.at_path("hosts")->list();
  CHECK(*list[0].at_path("result")->string() == "fail");
  CHECK(*list[0].at_path("signs.running.state")->string() == "no");
  CHECK(*list[1].at_path("result")->string() == "unreachable");
  CHECK(list[1].at_path("signs") == nullptr);
  CHECK(app::render_text(found).starts_with("plain: not every sign of FIPS mode is there\n  conf"));
}

TEST_CASE("exit codes: a sign that fails wins over a host that is away") {
  app::FipsHost good{.name = "good"};
  app::FipsHost away{.name = "away", .error = base::Error(base::ErrorKind::unreachable, "x")};
  app::FipsHost broken{.name = "broken", .error = base::Error(base::ErrorKind::run, "x")};
  app::FipsHost failed{.name = "failed"};
  failed.signs.signs.push_back({"running", "no", "x"});
  CHECK(app::exit_code({good}) == 0);
  CHECK(app::exit_code({good, away}) == 4);
  CHECK(app::exit_code({away, broken}) == 3);
  CHECK(app::exit_code({away, failed}) == 1);
}
