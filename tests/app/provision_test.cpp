#include "app/provision.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <mutex>

#include "app/provision_report.hpp"
#include "app/secrets.hpp"
#include "json/reader.hpp"
#include "json/render.hpp"
#include "support/borrowed_target.hpp"
#include "support/golden.hpp"
#include "support/machine_text.hpp"
#include "system/file.hpp"

using namespace konvoy;
using value::Map;
using value::Value;

namespace {

Value configuration() {
  Map config;
  config.set("kubernetes_version", "1.21.3");
  config.set("containerd_version", "1.4.7");
  config.set("docker_rpm_repository_url", "https://example.invalid/c");
  config.set("docker_rpm_gpg_key_url", "https://example.invalid/c/key");
  config.set("http_proxy", "http://me:hunter2@proxy.invalid:3128");
  return config;
}

struct World {
  base::Result<system::TemporaryDirectory> directory = system::TemporaryDirectory::make();
  std::map<std::string, std::unique_ptr<test::FakeTarget>> machines;
  app::ProvisionRequest request;
  app::ProvisionServices services;

  explicit World(std::vector<std::string> names) {
    for (const auto& name : names) {
      request.hosts.push_back({.host = {.name = name}});
      if (name == "gone") continue;
      machines[name] = std::make_unique<test::FakeTarget>(
          test::machine_from(test::test_data("facts/machines/rhel-8.4-uefi.txt"), name, true));
      machines[name]->on_command("sh -c *konvoy-image/lock*", {.out = "taken\n"});
    }
    request.selection.only = {"containerd/crictl", "network/host-conf", "proxy"};
    request.work_directory = directory->path();
    request.tool_version = "0.1.0";
    services.open =
        [this](const app::ChosenHost& host) -> base::Result<std::unique_ptr<target::Target>> {
      const auto found = machines.find(host.name());
      if (found == machines.end()) {
        return base::Error(base::ErrorKind::unreachable, "no route to host");
      }
      return std::make_unique<test::BorrowedTarget>(*found->second);
    };
    services.configure = [](const auto&, const auto&) -> base::Result<Value> {
      return configuration();
    };
  }
  record::Record run() {
    auto record = app::provision(request, services);
    REQUIRE(record.ok());
    return *std::move(record);
  }
};

}  // namespace

TEST_CASE("hosts are provisioned side by side, twice without a change") {
  World world({"a", "b"});
  const auto first = world.run();
  CHECK(app::exit_code(first) == 0);
  CHECK(first.hosts[0].outcome.count(execute::StepState::changed) == 4);
  CHECK(world.machines["b"]->content("/etc/host.conf") == "multi on\n");
  const auto second = world.run();
  CHECK(second.hosts[0].outcome.count(execute::StepState::changed) == 0);
  CHECK(second.hosts[1].outcome.count(execute::StepState::unchanged) == 4);
}

TEST_CASE("what completes a machine comes after its plan and before the look at it") {
  World world({"a"});
  std::string seen;
  world.services.complete = [&](target::Target& target, const auto&,
                                const auto&) -> base::Result<void> {
    seen = world.machines["a"]->content("/etc/host.conf").value_or("");
    KONVOY_CHECK(target.perform(target::WriteFile{.path = "/etc/machine-id"}, {}));
    return base::Error(base::ErrorKind::check, "it would be no good image");
  };
  const auto record = world.run();
  CHECK(seen == "multi on\n");
  CHECK(world.machines["a"]->content("/etc/machine-id") == "");
  CHECK(record.hosts[0].outcome.state == execute::HostState::failed);
  CHECK(record.hosts[0].outcome.error->message() == "it would be no good image");
  CHECK_FALSE(record.hosts[0].after);
  world.services.complete = [](auto&, const auto&, const auto&) -> base::Result<void> {
    return {};
  };
  CHECK(world.run().hosts[0].after);
}

TEST_CASE("a plan changes nothing and has its own exit code") {
  World world({"a"});
  world.request.only_plan = true;
  const auto plan = world.run();
  CHECK(world.machines["a"]->performed.empty());
  CHECK_FALSE(system::exists(world.request.work_directory + "/record.json"));
  CHECK(app::exit_code(plan) == 0);
  CHECK(app::detailed_exit_code(plan) == 2);
  test::check_golden("app/golden/plan.txt", app::render_plan(plan, true));
  test::check_golden("app/golden/plan.json", json::render(app::plan_value(plan)));
}

TEST_CASE("a host that another run works on is left alone, its record too") {
  World world({"a"});
  world.machines["a"]->on_command("sh -c *konvoy-image/lock*",
                                  {.out = "held\nrun=r controller=elsewhere/b process=1/2\n"});
  const auto record = app::provision(world.request, world.services).value();
  CHECK(app::exit_code(record) == 3);
  REQUIRE(record.hosts[0].outcome.error);
  CHECK(record.hosts[0].outcome.error->message() ==
        "'a' is locked by run 'r' of elsewhere (process 1)");
  CHECK_FALSE(world.machines["a"]->content("/etc/host.conf"));
  CHECK_FALSE(world.machines["a"]->content("/var/lib/konvoy-image/record.json"));
}

TEST_CASE("a host that is gone does not stop the others") {
  World world({"a", "gone"});
  const auto record = world.run();
  CHECK(app::exit_code(record) == 4);
  CHECK(record.hosts[0].outcome.state == execute::HostState::ok);
  const auto shown = app::render_summary(record);
  CHECK(shown.find("gone  unreachable") != std::string::npos);
  CHECK(shown.find("error: no route to host") != std::string::npos);
  const auto value = app::provision_value(record, "w");
  CHECK(*value.at_path("hosts")->list()->at(1).at_path("error") == Value("no route to host"));

  const auto text = system::read_file(world.request.work_directory + "/record.json");
  REQUIRE(text.ok());
  const auto left = app::unfinished(world.request.hosts, *json::parse("record", *text));
  REQUIRE(left.size() == 1);
  CHECK(left[0].name() == "gone");
}

TEST_CASE("no secret is in the record, the log or the host's record") {
  World world({"a"});
  (void)world.run();
  const auto& directory = world.request.work_directory;
  for (const auto& text :
       {system::read_file(directory + "/record.json"), system::read_file(directory + "/a.log")}) {
    REQUIRE(text.ok());
    CHECK(text->find("hunter2") == std::string::npos);
  }
  const auto on_host = world.machines["a"]->content("/var/lib/konvoy-image/record.json");
  REQUIRE(on_host.has_value());
  CHECK(on_host->find("hunter2") == std::string::npos);
  CHECK(world.machines["a"]
            ->content("/etc/systemd/system/containerd.service.d/http-proxy.conf")
            ->find("hunter2") != std::string::npos);
}

TEST_CASE("a configuration that is wrong is bad input") {
  World world({"a"});
  world.services.configure = [](const auto&, const auto&) -> base::Result<Value> {
    return Value(Map());
  };
  CHECK(app::exit_code(world.run()) == 2);
  CHECK(world.machines["a"]->performed.size() <= 2);  // the record alone
}

TEST_CASE("secrets of a configuration") {
  Map map;
  map.set("a", Value("one").as_secret());
  map.set("b", "https://u:two@h/x");
  map.set("c", "https://h/u:three@x");
  const auto found = app::secrets_in(Value(map));
  REQUIRE(found.size() == 2);
  CHECK(found[0].reveal() == "one");
  CHECK(found[1].reveal() == "two");
}
