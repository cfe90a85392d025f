#include "resource/pending.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"
#include "resource/file.hpp"

using namespace konvoy::resource;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const std::string mark = "/var/lib/konvoy-image/pending/restart-a";
const FollowUp restart{.mark = "restart-a", .argv = {"systemctl", "try-restart", "a.service"}};

Resource marked_file() {
  return with_marks(as_resource(File{.path = "/etc/a", .content = "x"}), {"restart-a"});
}

}  // namespace

TEST_CASE("the mark is set before the change and only then") {
  CHECK(shown(Machine{}.settle(marked_file())) ==
        "make directory /var/lib/konvoy-image/pending (what follows is remembered)\n"
        "write " +
            mark +
            " (what follows is remembered)\n"
            "write /etc/a (is not there)");
  CHECK(shown(Machine{.files = {{"/etc/a", "x"}}}.settle(marked_file())) == "nothing");
  CHECK(shown(Machine{.facts = {.live = false}}.settle(marked_file())) ==
        "write /etc/a (is not there)");
}

TEST_CASE("a mark is followed up once") {
  CHECK(shown(Machine{}.settle(restart)) == "nothing");
  Machine machine{.files = {{mark, "\n"}}};
  CHECK(shown(machine.settle(restart)) == "remove " + mark + " (is done)");
  machine.facts.init = "systemd";
  CHECK(shown(machine.settle(restart)) ==
        "run systemctl try-restart a.service (a change before this asks for it)\nremove " + mark +
            " (is done)");
}
