#include "resource/package_digests.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "answering.hpp"
#include "resource/package_set.hpp"

using namespace konvoy::resource;
using konvoy::facts::PackageManager;
using konvoy::target::RunCommand;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const PackageSet kubelet{.packages = {{"kubelet", "1.21.3-0"}}};
const std::string strong = "kubelet 5a1f 99c0\nsocat 0b7e 11d2\n";

// In FIPS mode, before kubelet and what it needs are installed.
Machine node() {
  Machine machine;
  machine.facts.package_manager = PackageManager::dnf;
  machine.facts.fips_enabled = true;
  machine.commands["rpm -q --qf %{NAME} %{VERSION}-%{RELEASE}\\n kubelet"] = {.status = 1};
  machine.commands
      ["dnf --assumeno --setopt=gpgcheck=1 --setopt=localpkg_gpgcheck=1 --setopt=*.gpgcheck=1 "
       "--setopt=cachedir=/var/cache/dnf install kubelet-1.21.3-0"] = {
      .status = 1,
      .out =
          "Installing:\n kubelet x86_64 1.21.3-0 test 6 k\nInstalling dependencies:\n"
          " socat x86_64 2.0.0-1.el8 test 6 k\n",
      .err = "Operation aborted.\n"};
  return machine;
}

konvoy::target::CommandAnswer& cache_of(Machine& machine) {
  return machine.commands[konvoy::base::join(cached_packages().argv, " ")];
}

const RunCommand& command_of(const Decision& decision) {
  REQUIRE(std::holds_alternative<Actions>(decision));
  return std::get<RunCommand>(std::get<Actions>(decision).actions.at(0).action);
}

}  // namespace

TEST_CASE("on a machine in FIPS mode packages are downloaded before they are judged") {
  auto machine = node();
  cache_of(machine).out = "kubelet 5a1f 99c0\n";
  const auto decision = machine.settle(as_resource(kubelet, "kubernetes"));
  const auto& argv = command_of(decision).argv;
  CHECK(argv.back() == "kubelet-1.21.3-0");
  CHECK(argv.at(argv.size() - 2) == "--downloadonly");
}

TEST_CASE("packages with both digests are installed") {
  auto machine = node();
  cache_of(machine).out = strong;
  const auto decision = machine.settle(as_resource(kubelet, "kubernetes"));
  const auto& argv = command_of(decision).argv;
  CHECK(std::ranges::find(argv, "--downloadonly") == argv.end());
  CHECK(command_of(decision).detached);
}

TEST_CASE("a package without one of them is refused by name") {
  auto machine = node();
  for (const std::string weak : {"socat (none) 11d2\n", "socat 0b7e (none)\n"}) {
    cache_of(machine).out = strong + weak;  // the newest file counts
    CHECK(shown(machine.settle(as_resource(kubelet, "kubernetes"))) ==
          "refused: rpm in FIPS mode can't verify socat: no SHA-256 digests of header and payload");
  }
}

TEST_CASE("who is asked for strong digests") {
  auto machine = node();
  CHECK(needs_strong_digests(machine.facts));
  machine.facts.package_manager = PackageManager::yum;  // rpm 4.11 looks at MD5 and SHA-1 only
  CHECK_FALSE(needs_strong_digests(machine.facts));
  machine.facts.package_manager = PackageManager::dnf;
  machine.facts.fips_enabled = false;
  CHECK_FALSE(needs_strong_digests(machine.facts));
}
