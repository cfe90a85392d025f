#include "app/provision_fips.hpp"

#include <doctest/doctest.h>

#include "support/fake_target.hpp"

using namespace konvoy;

namespace {

/// Everything that was told.
struct Told {
  std::vector<base::Event> events;
  base::EventSink sink() {
    return [this](const base::Event& event) { events.push_back(event); };
  }
};

}  // namespace

TEST_CASE("a machine in FIPS mode that is not asked to be is left alone, and that is said") {
  Told told;
  app::tell_fips_left_alone("a", {.fips_enabled = false}, told.sink());
  CHECK(told.events.empty());
  app::tell_fips_left_alone("a", {.fips_enabled = true}, told.sink());
  REQUIRE(told.events.size() == 1);
  CHECK(told.events[0].kind == base::Event::Kind::warning);
  CHECK(told.events[0].detail.starts_with("this machine runs in FIPS mode"));
}

TEST_CASE("a sign that the steps should have brought about fails the host, with its reason") {
  test::FakeTarget machine;
  record::HostRecord record{.after = facts::HostFacts{.live = true, .major_version = 8}};
  plan::FipsSpec fips;
  value::Map settings;
  settings.set("reboot", true);
  fips.settings = value::Value(std::move(settings));
  const auto looked = app::look_at_fips(machine, fips, record);
  REQUIRE_FALSE(looked.ok());
  CHECK(looked.error().kind == base::ErrorKind::check);
  CHECK(looked.error().message() ==
        "after all steps the sign 'policy' of FIPS mode is 'no': there is no crypto policy: "
        "crypto-policies is not installed");
  CHECK(record.reboot_asked);
  CHECK(*record.fips.at_path("signs.policy.state")->string() == "no");
}

TEST_CASE("only hosts that need a reboot, went well and were asked for one are rebooted") {
  std::vector<std::string> opened;
  app::ProvisionRequest request;
  record::Record record;
  const auto add = [&](const char* name, bool asked, bool required, execute::HostState state) {
    app::ChosenHost host;
    host.host.name = name;
    request.hosts.push_back(host);
    record::HostRecord one{.reboot_asked = asked};
    one.outcome.state = state;
    one.outcome.reboot_required = required;
    record.hosts.push_back(std::move(one));
  };
  add("not-asked", false, true, execute::HostState::ok);
  add("not-needed", true, false, execute::HostState::ok);
  add("failed", true, true, execute::HostState::failed);
  add("wanted", true, true, execute::HostState::ok);
  app::ProvisionServices services;
  services.open =
      [&](const app::ChosenHost& host) -> base::Result<std::unique_ptr<target::Target>> {
    opened.push_back(host.name());
    return base::Error(base::ErrorKind::unreachable, "no route to host");
  };
  app::reboot_where_asked(request, services, record);
  CHECK(opened == std::vector<std::string>{"wanted"});
  CHECK(record.hosts[3].outcome.state == execute::HostState::failed);
  CHECK(record.hosts[3].outcome.error->message() == "the host was not rebooted: no route to host");
  CHECK(record.hosts[0].reboot.is_null());
  CHECK(record.hosts[0].outcome.reboot_required);
}
