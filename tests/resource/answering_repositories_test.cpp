#include "resource/answering_repositories.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::facts::PackageManager;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const AnsweringRepositories wanted{{"socat", "chrony"}};
const std::string query = "rpm -q --qf %{NAME} %{VERSION}-%{RELEASE}\\n socat chrony";
const std::string look = "dnf --setopt=retries=2 --setopt=timeout=10";
const std::string rest = " list available konvoy-image-looks";
const std::string everything = " --setopt=*.skip_if_unavailable=1";
const std::string failed = "Error: Failed to download metadata for repo '";

Machine bare() {
  Machine machine;
  machine.facts.package_manager = PackageManager::dnf;
  machine.facts.os_id = "centos";
  machine.commands[query] = {.status = 2, .out = "package socat is not installed\n"};
  return machine;
}

}  // namespace

TEST_CASE("repositories are asked only when something is missing") {
  auto machine = bare();
  machine.commands[query] = {.status = 0};
  CHECK(shown(machine.settle(wanted)) == "nothing");
  machine = bare();
  machine.commands[look + rest] = {.status = 1, .err = "Error: No matching Packages to list\n"};
  CHECK(shown(machine.settle(wanted)) == "nothing");
}

TEST_CASE("metadata whose key is not known yet is an answer") {
  CHECK(silent_repositories(failed + "test': repomd.xml GPG signature verification error: Bad GPG "
                                     "signature\n")
            .empty());
  CHECK(silent_repositories("failure: repodata/repomd.xml from base: [Errno 256] No more mirrors\n"
                            "http://a/repomd.xml: [Errno -1] repomd.xml signature could not be "
                            "verified for base\n")
            .empty());
}

TEST_CASE("all that do not answer are named, with the vault where it helps") {
  auto machine = bare();
  machine.commands[look + rest] = {.status = 1, .err = failed + "baseos': Cannot prepare\n"};
  machine.commands[look + everything + rest] = {
      .err = failed + "baseos': Cannot prepare\n" + failed +
             "appstream': Cannot download\nIgnoring repositories: baseos, appstream\n"};
  auto decision = machine.settle(wanted);
  REQUIRE(std::holds_alternative<Refusal>(decision));
  CHECK(std::get<Refusal>(decision).problem.message ==
        "enabled repositories do not answer: baseos, appstream");
  CHECK(std::get<Refusal>(decision).problem.hint.find("'repositories.centos_vault: true'") !=
        std::string::npos);
  machine.facts.os_id = "rocky";
  decision = machine.settle(wanted);
  CHECK(std::get<Refusal>(decision).problem.hint.find("vault") == std::string::npos);
}

TEST_CASE("those that may be missing are warned of") {
  auto machine = bare();
  machine.commands[look + rest] = {
      .status = 1, .err = failed + "epel': Cannot download\nIgnoring repositories: epel\n"};
  const auto actions = std::get<Actions>(machine.settle(wanted));
  CHECK(actions.actions.empty());
  REQUIRE(actions.warnings.size() == 1);
  CHECK(actions.warnings.front().message == "repositories that do not answer: epel");
}

TEST_CASE("what ends after one that may be missing is another matter") {
  auto machine = bare();
  machine.commands[look + rest] = {
      .status = 1,
      .err = failed + "epel': Cannot download\n" + failed +
             "test': repomd.xml GPG signature verification error: Bad GPG signature\n"};
  const auto actions = std::get<Actions>(machine.settle(wanted));
  REQUIRE(actions.warnings.size() == 1);
  CHECK(actions.warnings.front().message == "repositories that do not answer: epel");
}

TEST_CASE("those that may be tried again are not spoken of") {
  auto own = wanted;
  own.except = {"kubernetes"};
  auto machine = bare();
  machine.commands[look + rest] = {.status = 1, .err = failed + "kubernetes': Cannot download\n"};
  CHECK(shown(machine.settle(own)) == "nothing");
  machine.commands[look + rest].err = failed +
                                      "epel': Cannot download\nIgnoring repositories: epel\n" +
                                      failed + "kubernetes': Cannot download\n";
  const auto actions = std::get<Actions>(machine.settle(own));
  REQUIRE(actions.warnings.size() == 1);
  CHECK(actions.warnings.front().message == "repositories that do not answer: epel");
}

TEST_CASE("yum 3.4 says it in its own words") {
  CHECK(
      silent_repositories("Could not retrieve mirrorlist http://mirrorlist.centos.org/?release=7\n"
                          " Cannot find a valid baseurl for repo: base/7/x86_64\n"
                          "failure: repodata/repomd.xml from updates: [Errno 256] No more mirrors "
                          "to try.\n") == std::vector<std::string>{"base", "updates"});
}
