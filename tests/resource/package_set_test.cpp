#include "resource/package_set.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::facts::PackageManager;
using konvoy::target::CommandAnswer;
using konvoy::target::RunCommand;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const PackageSet kubernetes{.packages = {{"kubelet", "1.21.3-0"}, {"socat", ""}}};
const std::string rpm = "rpm -q --qf %{NAME} %{VERSION}-%{RELEASE}\\n kubelet socat";
const std::string options =
    " --setopt=gpgcheck=1 --setopt=localpkg_gpgcheck=1 --setopt=*.gpgcheck=1 install ";

Machine with_packages(const std::string& installed) {
  Machine machine;
  machine.facts.package_manager = PackageManager::dnf;
  machine.commands[rpm] = CommandAnswer{.status = 1, .out = installed};
  return machine;
}

std::string settled(const Machine& machine) {
  return shown(machine.settle(as_resource(kubernetes, "kubernetes")));
}

}  // namespace

TEST_CASE("versions") {
  CHECK(is_version("1.21.3-0", "1.21.3-0"));
  CHECK(is_version("1.4.11-3.1.el8", "1.4.11"));
  CHECK(is_version("1.4.11-3.1.el8", ""));
  CHECK_FALSE(is_version("1.4.11-3.1.el8", "1.4.1"));
  CHECK_FALSE(is_version("1.21.3-0", "1.21.3-1"));
  CHECK(spec_of({"kubelet", "1.21.3-0"}) == "kubelet-1.21.3-0");
}

TEST_CASE("a package that stands alone is installed from where it lies") {
  const std::string url = "https://example.invalid/agent.rpm";
  const PackageSet agent{.packages = {{.name = "agent", .version = "", .source = url}}};
  Machine machine;
  machine.facts.package_manager = PackageManager::dnf;
  const std::string query = "rpm -q --qf %{NAME} %{VERSION}-%{RELEASE}\\n agent";
  machine.commands[query] = {.status = 1, .out = "package agent is not installed\n"};
  machine.commands["dnf --assumeno" + options + url] = {.status = 1, .err = "Operation aborted.\n"};
  const auto decision = machine.settle(as_resource(agent, "agent"));
  REQUIRE(std::holds_alternative<Actions>(decision));
  const auto& action = std::get<Actions>(decision).actions.at(0);
  CHECK(std::get<RunCommand>(action.action).argv.back() == url);
  CHECK(action.reason == "agent is not installed");
  machine.commands[query] = {.out = "agent 3.0-1\n"};
  CHECK(shown(machine.settle(as_resource(agent, "agent"))) == "nothing");
}

TEST_CASE("packages at their versions need nothing") {
  CHECK(settled(with_packages("kubelet 1.21.3-0\nsocat 2.0.0-1.el8\n")) == "nothing");
}

TEST_CASE("only what is missing is installed, after the transaction was looked at") {
  auto machine = with_packages("package kubelet is not installed\nsocat 2.0.0-1.el8\n");
  machine.commands["dnf --assumeno" + options + "kubelet-1.21.3-0"] =
      CommandAnswer{.status = 1,
                    .out = "Installing:\n kubelet x86_64 1.21.3-0 test 6 k\n",
                    .err = "Operation aborted.\n"};
  const auto decision = machine.settle(as_resource(kubernetes, "kubernetes"));
  REQUIRE(std::holds_alternative<Actions>(decision));
  const auto& action = std::get<Actions>(decision).actions.at(0);
  CHECK(action.reason == "kubelet is not installed");
  const auto& run = std::get<RunCommand>(action.action);
  CHECK(run.argv ==
        std::vector<std::string>{"dnf", "-y", "--setopt=gpgcheck=1", "--setopt=localpkg_gpgcheck=1",
                                 "--setopt=*.gpgcheck=1", "install", "kubelet-1.21.3-0"});
  CHECK(run.detached);
}

TEST_CASE("in a root that nobody keeps dnf is asked once, and judged when it asks") {
  const auto machine = with_packages("package kubelet is not installed\nsocat 2.0.0-1.el8\n");
  auto set = kubernetes;
  set.tried_first = false;
  const auto decision = machine.settle(as_resource(set, "kubernetes"));
  REQUIRE(std::holds_alternative<Actions>(decision));
  const auto& run = std::get<RunCommand>(std::get<Actions>(decision).actions.at(0).action);
  CHECK(run.argv == std::vector<std::string>{
                        "dnf", "--setopt=gpgcheck=1", "--setopt=localpkg_gpgcheck=1",
                        "--setopt=*.gpgcheck=1", "--setopt=assumeyes=0", "--setopt=defaultyes=0",
                        "--setopt=debuglevel=2", "install", "kubelet-1.21.3-0"});
  REQUIRE(static_cast<bool>(run.objection));
  CHECK_FALSE(run.objection("Importing GPG key 0x4f:\nIs this ok [y/N]: "));
  const std::string summary = "\nTransaction Summary\nIs this ok [y/N]: ";
  CHECK_FALSE(run.objection("Installing:\n kubelet x86_64 1.21.3-0 test 6 k\n" + summary));
  const auto objection = run.objection("Removing:\n podman x86_64 3.0-1.el8 @test 90\n" + summary);
  REQUIRE(objection);
  CHECK(objection->message == "the transaction would remove podman");
  CHECK(run.objection("Is this ok [y/N]: "));
}

TEST_CASE("a downgrade is refused before anything is asked") {
  CHECK(settled(with_packages("kubelet 1.21.5-0\nsocat 2.0.0-1.el8\n")) ==
        "refused: kubelet 1.21.5-0 is installed, 1.21.3-0 would be a downgrade");
}

TEST_CASE("a transaction that takes something away is refused") {
  auto machine = with_packages("kubelet 1.20.9-0\nsocat 2.0.0-1.el8\n");
  auto& trial = machine.commands["dnf --assumeno" + options + "kubelet-1.21.3-0"];
  trial = {.status = 1,
           .out =
               "Upgrading:\n kubelet x86_64 1.21.3-0 test 6 k\nRemoving dependent packages:\n "
               "kubeadm x86_64 1.20.9-0 @test 90\n",
           .err = "Operation aborted.\n"};
  CHECK(settled(machine) == "refused: the transaction would remove kubeadm");
  trial.out = "Downgrading:\n kubectl x86_64 1.21.3-0 test 6 k\n";
  CHECK(settled(machine) == "refused: the transaction would downgrade kubectl");
}

TEST_CASE("what can't be resolved says why") {
  auto machine = with_packages("socat 2.0.0-1.el8\n");
  machine.facts.package_manager = PackageManager::yum;
  machine.commands["yum --assumeno" + options + "kubelet-1.21.3-0"] =
      CommandAnswer{.status = 1, .err = "Error: Unable to find a match: kubelet-1.21.3-0\n"};
  CHECK(settled(machine) ==
        "refused: the packages can't be resolved: Error: Unable to find a match: "
        "kubelet-1.21.3-0");
  machine.facts.package_manager = PackageManager::none;
  CHECK(settled(machine) == "refused: there is neither dnf nor yum");
}

TEST_CASE("the keys of metadata are accepted first") {
  auto machine = with_packages("socat 2.0.0-1.el8\n");
  machine.commands["dnf --assumeno" + options + "kubelet-1.21.3-0"] = CommandAnswer{
      .status = 1,
      .err =
          "Error: Failed to download metadata for repo 'test': repomd.xml GPG signature "
          "verification error: Bad GPG signature\n"};
  const auto decision = machine.settle(as_resource(kubernetes, "kubernetes"));
  REQUIRE(std::holds_alternative<Actions>(decision));
  const auto& actions = std::get<Actions>(decision);
  CHECK(std::get<RunCommand>(actions.actions.at(0).action).argv.back() == "makecache");
}

TEST_CASE("packages that must go") {
  Machine machine;
  machine.facts.package_manager = PackageManager::dnf;
  const PackagesAbsent set{{"docker", "podman"}};
  CHECK(shown(machine.settle(set)) == "nothing");
  machine.commands["rpm -q --qf %{NAME} %{VERSION}-%{RELEASE}\\n docker podman"] =
      CommandAnswer{.status = 1, .out = "package docker is not installed\npodman 3.0-1\n"};
  CHECK(shown(machine.settle(set)).find("remove podman (podman must not be installed)") !=
        std::string::npos);
}
