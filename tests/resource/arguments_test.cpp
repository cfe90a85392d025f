#include "resource/arguments.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const Arguments wanted{.path = "/etc/sysconfig/kubelet",
                       .variable = "X",
                       .arguments = {{"--endpoint", "unix:///a"}, {"--driver", "systemd"}}};
const std::string ours = "X=\"--endpoint=unix:///a --driver=systemd\"\n";

}  // namespace

TEST_CASE("options are merged into the one variable") {
  CHECK(with_arguments("", wanted) == ours);
  CHECK(with_arguments("X=\n", wanted) == ours);
  CHECK(with_arguments("# mine\nX=--node-ip=10.0.0.1 --driver=cgroupfs\nY=1\n", wanted) ==
        "# mine\nX=\"--node-ip=10.0.0.1 --driver=systemd --endpoint=unix:///a\"\nY=1\n");
  CHECK(with_arguments("X=\"--endpoint unix:///b --v=2\"\n", wanted) ==
        "X=\"--endpoint=unix:///a --v=2 --driver=systemd\"\n");
}

TEST_CASE("lines that would hide one another become one") {
  CHECK(with_arguments("X=--a=1\nX='--b=2'\n", wanted) ==
        "X=\"--a=1 --b=2 --endpoint=unix:///a --driver=systemd\"\n");
}

TEST_CASE("what says the same is left alone") {
  const std::string bare = "X=--endpoint=unix:///a --driver=systemd\n";
  CHECK(with_arguments(bare, wanted) == bare);
  CHECK(shown(Machine{.files = {{wanted.path, ours}}}.settle(wanted)) == "nothing");
  CHECK(shown(Machine{}.settle(wanted)) == "write /etc/sysconfig/kubelet (is not there)");
}
