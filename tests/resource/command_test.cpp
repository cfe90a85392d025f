#include "resource/command.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::test::Machine;
using konvoy::test::shown;

TEST_CASE("a guard keeps a command from running again") {
  GuardedCommand pull{.name = "pull",
                      .run = {.argv = {"crictl", "pull", "a"}},
                      .unless = {"crictl", "inspecti", "a"},
                      .reason = "the image is not there"};
  Machine machine;
  CHECK(shown(machine.settle(pull)) == "run crictl pull a (the image is not there)");
  machine.commands["crictl inspecti a"] = {.status = 0};
  CHECK(shown(machine.settle(pull)) == "nothing");
  pull.creates = "/done";
  CHECK(shown(machine.settle(pull)) == "run crictl pull a (the image is not there)");
  machine.files["/done"] = "";
  CHECK(shown(machine.settle(pull)) == "nothing");
}
