#include "app/validate_kubernetes.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "support/golden.hpp"
#include "support/machine_text.hpp"

using namespace konvoy;

namespace {

base::Result<std::unique_ptr<target::Target>> open_fake(const app::ChosenHost& host) {
  if (host.name() == "gone") return base::Error(base::ErrorKind::unreachable, "no route to 'gone'");
  auto machine =
      test::machine_from(test::test_data("facts/machines/rhel-8.4-uefi.txt"), host.name());
  machine.add_file("/proc/sys/kernel/hostname", host.name() + "\n");
  machine.on_command("ping * gone.example", {.status = 1});
  machine.on_command("ping * *", {.status = 0});
  return std::make_unique<test::FakeTarget>(std::move(machine));
}

app::ChosenHost named(const std::string& name) {
  return {.host = {.name = name, .connection = {.address = name + ".example"}}};
}

}  // namespace

TEST_CASE("hosts are checked together, also when one does not answer") {
  const std::vector<app::ChosenHost> hosts{named("a"), named("gone"), named("b")};
  const auto validated = app::validate_kubernetes(hosts, open_fake, {}, 2);
  // The clock of a machine made of text stands still: everything but that is compared.
  auto shown = validated;
  for (auto& host : shown) {
    std::erase_if(host.checks, [](const auto& check) { return check.name == "time"; });
  }
  test::check_golden("app/golden/validate.txt", render_text(shown, false));
  test::check_golden("app/golden/validate-all.txt", render_text(shown, true));
  CHECK(exit_code(validated) == 1);
  const auto value = to_value(validated);
  const auto& list = *value.at_path("hosts")->list();
  CHECK(*list[0].at_path("result") == value::Value("fail"));
  CHECK(*list[1].at_path("result") == value::Value("unreachable"));
  CHECK(list[0].at_path("checks")->list()->size() == preflight::check_names().size());
  CHECK(*(*list[0].at_path("checks")->list())[0].at_path("status") == value::Value("ok"));
}

TEST_CASE("exit codes") {
  preflight::Settings lenient;
  lenient.ignored = *preflight::parse_ignored({"all"});
  const std::vector<app::ChosenHost> good{named("a"), named("b")};
  CHECK(exit_code(app::validate_kubernetes(good, open_fake, lenient, 1)) == 0);
  const std::vector<app::ChosenHost> half{named("a"), named("gone")};
  CHECK(exit_code(app::validate_kubernetes(half, open_fake, lenient, 1)) == 4);
}
