#include <doctest/doctest.h>

#include "target/action.hpp"

using namespace konvoy::target;
using konvoy::base::Secret;

TEST_CASE("an action is described without what it carries") {
  CHECK(describe(WriteFile{.path = "/etc/a", .content = Secret("hunter2")}) == "write /etc/a");
  CHECK(describe(RunCommand{.argv = {"dracut", "--force", "/boot/a b.img"},
                            .environment = {{"PASS", Secret("hunter2")}},
                            .input = Secret("hunter2")}) == "run dracut --force '/boot/a b.img'");
  CHECK(describe(MakeLink{.path = "/a", .to = "/b"}) == "link /a to /b");
}
