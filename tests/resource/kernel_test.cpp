#include "resource/kernel.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const std::string head = "# Written by konvoy-image; changes are replaced.\n";
const Sysctl forward{.file = "/etc/sysctl.d/90-k.conf",
                     .settings = {{"net.ipv4.ip_forward", "1"}},
                     .optional_settings = {{"fs.may_detach_mounts", "1"}}};
const KernelModules overlay{.file = "/etc/modules-load.d/k.conf", .modules = {"overlay"}};

}  // namespace

TEST_CASE("parameters are written and set") {
  Machine machine{.files = {{"/proc/sys/net/ipv4/ip_forward", "0\n"}}};
  CHECK(shown(machine.settle(forward)) ==
        "write /etc/sysctl.d/90-k.conf (is not there)\n"
        "run sysctl -q -w net.ipv4.ip_forward=1 (net.ipv4.ip_forward is 0, must be 1)");
  machine.files["/etc/sysctl.d/90-k.conf"] = head + "net.ipv4.ip_forward = 1\n";
  machine.files["/proc/sys/net/ipv4/ip_forward"] = "1\n";
  CHECK(shown(machine.settle(forward)) == "nothing");
}

TEST_CASE("a parameter of EL7 counts where the kernel has it, and in every image") {
  Machine machine{.files = {{"/proc/sys/net/ipv4/ip_forward", "1\n"},
                            {"/proc/sys/fs/may_detach_mounts", "0\n"}}};
  CHECK(shown(machine.settle(forward)).find("fs.may_detach_mounts is 0, must be 1") !=
        std::string::npos);
  const auto decision = Machine{.facts = {.live = false}}.settle(forward);
  CHECK(std::get<Actions>(decision).actions.at(0).diff.find("fs.may_detach_mounts = 1") !=
        std::string::npos);
}

TEST_CASE("a parameter that the running kernel lacks is a warning") {
  const auto decision = Machine{}.settle(forward);
  CHECK(std::get<Actions>(decision).warnings.at(0).message ==
        "the running kernel has no 'net.ipv4.ip_forward'");
}

TEST_CASE("modules are loaded unless they are there or built in") {
  Machine machine{.files = {{"/etc/modules-load.d/k.conf", head + "overlay\n"}}};
  CHECK(shown(machine.settle(overlay)) == "run modprobe overlay (overlay is not loaded)");
  machine.commands["modprobe --show-depends overlay"] = {.out = "builtin overlay\n"};
  CHECK(shown(machine.settle(overlay)) == "nothing");
  machine.commands.clear();
  machine.directories["/sys/module/overlay"] = {};
  CHECK(shown(machine.settle(overlay)) == "nothing");
  CHECK(shown(Machine{.facts = {.live = false}}.settle(overlay)) ==
        "write /etc/modules-load.d/k.conf (is not there)");
}

TEST_CASE("swap goes from fstab and out of use") {
  CHECK(without_swap("/dev/a / xfs defaults 0 0\n/dev/b swap swap defaults 0 0\n") ==
        "/dev/a / xfs defaults 0 0\n#/dev/b swap swap defaults 0 0\n");
  Machine machine{.files = {{"/etc/fstab", "/dev/b none swap sw 0 0"},
                            {"/proc/swaps", "Filename Type Size\n/dev/b partition 1\n"}}};
  CHECK(shown(machine.settle(SwapOff{})) ==
        "write /etc/fstab (has swap)\nrun swapoff -a (swap is in use)");
  machine.files = {{"/etc/fstab", "#/dev/b none swap sw 0 0"}, {"/proc/swaps", "Filename Type\n"}};
  CHECK(shown(machine.settle(SwapOff{})) == "nothing");
}
