#include "resource/service.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::target::CommandAnswer;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

Machine live(const std::string& load, const std::string& enablement, const std::string& activity) {
  Machine machine;
  machine.facts.init = "systemd";
  machine.commands["systemctl show -p LoadState -p ActiveState -p UnitFileState a.service"] = {
      .out = "LoadState=" + load + "\nActiveState=" + activity + "\nUnitFileState=" + enablement +
             "\n"};
  return machine;
}

Machine image(const std::string& enablement) {
  Machine machine;
  machine.facts.live = false;
  machine.commands["systemctl is-enabled a.service"] = {.out = enablement};
  return machine;
}

const Service on{.unit = "a.service", .enabled = true, .running = true};
const Service off{.unit = "a.service", .enabled = false, .running = false};

}  // namespace

TEST_CASE("a unit on a running system") {
  CHECK(shown(live("loaded", "enabled", "active").settle(on)) == "nothing");
  CHECK(shown(live("loaded", "disabled", "inactive").settle(on)) ==
        "run systemctl enable a.service (is not enabled)\n"
        "run systemctl start a.service (is inactive)");
  CHECK(shown(live("loaded", "static", "activating").settle(on)) == "nothing");
  CHECK(shown(live("not-found", "", "inactive").settle(on)) ==
        "refused: there is no unit 'a.service'");
  CHECK(shown(live("masked", "masked", "inactive").settle(on)) == "refused: 'a.service' is masked");
}

TEST_CASE("a unit that must be off") {
  CHECK(shown(live("loaded", "enabled", "active").settle(off)) ==
        "run systemctl disable a.service (is enabled, must not be)\n"
        "run systemctl stop a.service (is running, must not be)");
  CHECK(shown(live("loaded", "static", "inactive").settle(off)) == "nothing");
  CHECK(shown(live("not-found", "", "inactive").settle(off)) == "nothing");
  CHECK(shown(Machine{.facts = {.live = false}}.settle(off)) == "nothing");
}

TEST_CASE("in an image root only enablement counts") {
  CHECK(shown(image("disabled\n").settle(on)) == "run systemctl enable a.service (is not enabled)");
  CHECK(shown(image("enabled\n").settle(on)) == "nothing");
  CHECK(shown(image("").settle(on)) == "refused: there is no unit 'a.service'");
  CHECK(shown(Machine{.facts = {.live = false}}.settle(on)) ==
        "refused: 'a.service' can't be enabled: there is no systemctl");
}
