#include "resource/package_digests.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "answering.hpp"
#include "resource/package_look.hpp"

using namespace konvoy::resource;
using konvoy::facts::PackageManager;
using konvoy::target::RunCommand;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const PackageSet kubelet{.packages = {{"kubelet", "1.21.3-0"}}};
const std::vector<TransactionPackage> arriving = {{"kubelet", "kubelet-1.21.3-0.x86_64"},
                                                  {"socat", "socat-2.0.0-1.el8.x86_64"}};
const std::string strong =
    "kubelet-1.21.3-0.x86_64 5a1f 99c0\nsocat-0:2.0.0-1.el8.x86_64 0b7e 11d2\n";

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

konvoy::target::CommandAnswer& stored_on(Machine& machine,
                                         const std::vector<std::string>& places = {}) {
  return machine.commands[konvoy::base::join(stored_packages(arriving, places).argv, " ")];
}

const RunCommand& command_of(const Decision& decision) {
  REQUIRE(std::holds_alternative<Actions>(decision));
  return std::get<RunCommand>(std::get<Actions>(decision).actions.at(0).action);
}

}  // namespace

TEST_CASE("on a machine in FIPS mode packages are downloaded before they are judged") {
  auto machine = node();
  stored_on(machine).out =
      "kubelet-1.21.3-0.x86_64 5a1f 99c0\nsocat-1.0.0-1.el8.x86_64 0b7e 11d2\n";
  const auto decision = machine.settle(as_resource(kubelet, "kubernetes"));
  const auto& argv = command_of(decision).argv;
  CHECK(argv.back() == "kubelet-1.21.3-0");
  CHECK(argv.at(argv.size() - 3) == "--downloadonly");
}

TEST_CASE("packages with both digests are installed") {
  auto machine = node();
  stored_on(machine).out = strong;
  const auto decision = machine.settle(as_resource(kubelet, "kubernetes"));
  const auto& argv = command_of(decision).argv;
  CHECK(std::ranges::find(argv, "--downloadonly") == argv.end());
  CHECK(command_of(decision).detached);
}

TEST_CASE("a package without one of them is refused by name") {
  auto machine = node();
  for (const std::string weak :
       {"socat-2.0.0-1.el8.x86_64 (none) 11d2\n", "socat-2.0.0-1.el8.x86_64 0b7e (none)\n"}) {
    stored_on(machine).out = strong + weak;  // the newest file counts
    CHECK(shown(machine.settle(as_resource(kubelet, "kubernetes"))) ==
          "refused: rpm in FIPS mode can't verify socat: no SHA-256 digests of header and payload");
  }
}

TEST_CASE("the look before anything is changed uses the repositories to come") {
  const PackageLook look{.set = kubelet,
                         .repositories = {{.id = "kubernetes",
                                           .name = "Kubernetes",
                                           .base_url = "https://host/el8",
                                           .module_hotfixes = true}},
                         .proxy = "http://proxy:3128"};
  const std::string command =
      "dnf --assumeno --setopt=gpgcheck=1 --setopt=localpkg_gpgcheck=1 --setopt=*.gpgcheck=1 "
      "--setopt=cachedir=/var/cache/dnf --setopt=gpgcheck=0 --setopt=localpkg_gpgcheck=0 "
      "--setopt=*.gpgcheck=0 --setopt=proxy=http://proxy:3128 "
      "--repofrompath=kubernetes,https://host/el8 --setopt=kubernetes.module_hotfixes=1 "
      "--setopt=retries=2 --setopt=timeout=10 install kubelet-1.21.3-0";
  auto machine = node();
  auto trial = machine.commands.begin()->second;
  for (const auto& [known, answer] : machine.commands) {
    if (known.starts_with("dnf")) trial = answer;
  }
  machine.commands[command] = trial;

  SUBCASE("it downloads what it wants to see") {
    const auto decision = machine.settle(as_resource(look));
    const auto& argv = command_of(decision).argv;
    CHECK(argv.at(argv.size() - 3) == "--downloadonly");
    CHECK(std::ranges::find(argv, "--setopt=*.gpgcheck=0") >
          std::ranges::find(argv, "--setopt=*.gpgcheck=1"));
  }
  SUBCASE("it has nothing to do when all is good") {
    stored_on(machine).out = strong;
    CHECK(shown(machine.settle(as_resource(look))) == "nothing");
  }
  SUBCASE("it refuses what rpm would not take") {
    stored_on(machine).out = strong + "socat-2.0.0-1.el8.x86_64 (none) (none)\n";
    CHECK(shown(machine.settle(as_resource(look))) ==
          "refused: rpm in FIPS mode can't verify socat: no SHA-256 digests of header and payload");
  }
  SUBCASE("it leaves to later what can't be resolved yet") {
    machine.commands[command] = {.status = 1, .err = "Error: Failed to download metadata\n"};
    const auto decision = machine.settle(as_resource(look));
    REQUIRE(std::holds_alternative<Actions>(decision));
    CHECK(std::get<Actions>(decision).actions.empty());
    CHECK(std::get<Actions>(decision).warnings.at(0).message.ends_with(
        "not known yet: Error: Failed to download metadata"));
  }
  SUBCASE("a login stays out of command lines") {
    auto secret = look;
    secret.proxy = "http://user:password@proxy:3128";
    secret.repositories[0].base_url = "https://me:secret@host/el8";
    const std::string hidden = konvoy::base::replace_all(
        konvoy::base::replace_all(command, "https://host", "https://$DNF0@host"),
        " --setopt=proxy=http://proxy:3128", "");
    machine.commands[hidden] = trial;
    const auto decision = machine.settle(as_resource(secret));
    const auto& download = command_of(decision);
    const auto line = konvoy::base::join(download.argv, " ");
    CHECK(line.find("password") == std::string::npos);
    CHECK(line.find("secret") == std::string::npos);
    CHECK(download.environment.at("DNF0").reveal() == "me:secret");
    CHECK(download.environment.at("https_proxy").reveal() == secret.proxy);
  }
  SUBCASE("packages of a bundle are looked at where they are") {
    auto offline = look;
    offline.repositories[0].base_url = "file:///opt/dkp/packages/offline-repo/";
    machine.commands[konvoy::base::replace_all(command, "https://host/el8",
                                               "file:///opt/dkp/packages/offline-repo/")] = trial;
    stored_on(machine, {"/opt/dkp/packages/offline-repo/"}).out = strong;
    CHECK(shown(machine.settle(as_resource(offline))) == "nothing");
  }
  SUBCASE("CentOS's own repositories are used at the vault") {
    auto moved = look;
    moved.vault = true;
    machine.commands
        ["/bin/sh -c for f in /etc/yum.repos.d/CentOS-*.repo; do cat \"$f\"; echo; done "
         "2>/dev/null"] = {.out =
                               "[baseos]\nmirrorlist=http://mirrorlist.centos.org/\n"
                               "#baseurl=http://mirror.centos.org/$releasever/BaseOS/\n"};
    machine.commands[konvoy::base::replace_all(
        command, " --setopt=retries",
        " --disablerepo=baseos --repofrompath=vault-baseos,http://vault.centos.org/$releasever/"
        "BaseOS/ --setopt=retries")] = trial;
    stored_on(machine).out = strong;
    CHECK(shown(machine.settle(as_resource(moved))) == "nothing");
  }
  SUBCASE("a repository whose file is there is not named again") {
    machine.files["/etc/yum.repos.d/kubernetes.repo"] = "[kubernetes]\n";
    const auto start = command.find(" --repofrompath");
    machine.commands[command.substr(0, start) + command.substr(command.find(" --setopt=retries"))] =
        trial;
    const auto decision = machine.settle(as_resource(look));
    CHECK(konvoy::base::join(command_of(decision).argv, " ").find("repofrompath") ==
          std::string::npos);
  }
}

TEST_CASE("of a package that was named by its address dnf keeps no copy") {
  const std::vector<TransactionPackage> named = {{"agent", "agent-1-1.x86_64", "@commandline"},
                                                 {"socat", "socat-2-1.x86_64", "baseos"}};
  CHECK(all_stored(named, {{"socat-2-1.x86_64", true}}));
  CHECK_FALSE(all_stored(named, {{"agent-1-1.x86_64", true}}));
}

TEST_CASE("repositories on the machine itself") {
  CHECK(local_directory("file:///mnt/BaseOS") == "/mnt/BaseOS");
  CHECK(local_directory("file:/mnt") == "/mnt");
  CHECK_FALSE(local_directory("https://host/mnt"));
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
