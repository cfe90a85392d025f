#include "resource/prelink.hpp"

#include <doctest/doctest.h>

#include "support/apply.hpp"

using namespace konvoy;
using test::apply;

TEST_CASE("prelink is undone first and then kept off") {
  test::FakeTarget machine;
  const auto off = as_resource(resource::PrelinkOff{});
  CHECK(apply(machine, {}, off).text == "nothing");
  machine.add_file("/usr/sbin/prelink", "");
  machine.add_file("/etc/sysconfig/prelink", "# settings\nPRELINKING=yes\n");
  machine.on_command("/usr/sbin/prelink --undo --all", target::CommandAnswer{});
  CHECK(apply(machine, {}, off).text ==
        "run /usr/sbin/prelink --undo --all\nwrite /etc/sysconfig/prelink");
  CHECK(machine.content("/etc/sysconfig/prelink") == "# settings\nPRELINKING=no\n");
  CHECK(apply(machine, {}, off).text == "nothing");
}
