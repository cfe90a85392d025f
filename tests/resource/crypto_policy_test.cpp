#include "resource/crypto_policy.hpp"

#include <doctest/doctest.h>

#include "support/apply.hpp"

using namespace konvoy;
using resource::CryptoPolicy;
using test::apply;

namespace {

test::FakeTarget machine_with_policies() {
  test::FakeTarget machine;
  for (const auto* name : {"openssl", "opensshserver", "nss"}) {
    machine.add_file(std::string("/usr/share/crypto-policies/FIPS/") + name + ".txt", "fips");
    machine.add_link(std::string("/etc/crypto-policies/back-ends/") + name + ".config",
                     std::string("/usr/share/crypto-policies/DEFAULT/") + name + ".txt");
  }
  machine.add_file("/etc/crypto-policies/config", "DEFAULT\n");
  machine.add_file("/etc/crypto-policies/state/current", "DEFAULT\n");
  return machine;
}

resource::Resource fips(std::string policy = "FIPS") {
  return as_resource(CryptoPolicy{std::move(policy)});
}

}  // namespace

TEST_CASE("the tool sets the policy where it is installed") {
  auto machine = machine_with_policies();
  machine.add_file("/usr/bin/update-crypto-policies", "#!");
  machine.on_command("update-crypto-policies *", [](test::FakeTarget& fake, const auto& run) {
    fake.add_file("/etc/crypto-policies/config", run.argv.back() + "\n");
    fake.add_file("/etc/crypto-policies/state/current", run.argv.back() + "\n");
    fake.add_file("/etc/crypto-policies/back-ends/nss.config", "");
    return target::CommandAnswer{};
  });
  CHECK(apply(machine, {}, fips("FIPS:OSPP")).text ==
        "run update-crypto-policies --no-reload --set FIPS:OSPP");
  CHECK(apply(machine, {}, fips("FIPS:OSPP")).text == "nothing");
  CHECK(apply(machine, {}, fips()).text == "run update-crypto-policies --no-reload --set FIPS");
}

TEST_CASE("without the tool links, configuration and last the state are written") {
  auto machine = machine_with_policies();
  CHECK(
      apply(machine, {}, fips()).text ==
      "link /etc/crypto-policies/back-ends/nss.config to /usr/share/crypto-policies/FIPS/nss.txt\n"
      "link /etc/crypto-policies/back-ends/opensshserver.config to "
      "/usr/share/crypto-policies/FIPS/opensshserver.txt\n"
      "link /etc/crypto-policies/back-ends/openssl.config to "
      "/usr/share/crypto-policies/FIPS/openssl.txt\n"
      "write /etc/crypto-policies/config\nwrite /etc/crypto-policies/state/current");
  CHECK(apply(machine, {}, fips()).text == "nothing");
  // Configured again after it was applied, and a back-end that was changed by hand.
  machine.node("/etc/crypto-policies/config")->mtime =
      machine.node("/etc/crypto-policies/state/current")->mtime + 1;
  CHECK(apply(machine, {}, fips()).text == "write /etc/crypto-policies/state/current");
  machine.node("/etc/crypto-policies/config")->mtime = 0;
  machine.add_file("/etc/crypto-policies/back-ends/openssl.config", "mine");
  CHECK(apply(machine, {}, fips()).done);
  CHECK(machine.content("/etc/crypto-policies/back-ends/openssl.config") == "fips");
}

TEST_CASE("killed between any two writes, the next run finishes") {
  for (int budget = 0; budget < 6; ++budget) {
    auto machine = machine_with_policies();
    int left = budget;
    (void)apply(machine, {}, fips(), left);
    CHECK(apply(machine, {}, fips()).done);
    CHECK(apply(machine, {}, fips()).text == "nothing");
  }
}

TEST_CASE("what cannot be set is refused") {
  auto machine = machine_with_policies();
  CHECK(apply(machine, {}, fips("FIPS:OSPP")).text ==
        "refused: the crypto policy 'FIPS:OSPP' needs update-crypto-policies, which is not "
        "installed");
  CHECK(apply(machine, {}, fips("DEFAULT")).text ==
        "refused: 'DEFAULT' is no crypto policy for FIPS mode");
  test::FakeTarget empty;
  CHECK(
      apply(empty, {}, fips()).text ==
      "refused: there is no crypto policy FIPS on this system: /usr/share/crypto-policies/FIPS is "
      "empty");
}
