#include "app/reboot.hpp"

#include <doctest/doctest.h>

#include <map>

#include "support/borrowed_target.hpp"
#include "support/fake_target.hpp"
#include "support/still_clock.hpp"
#include "system/file.hpp"

using namespace konvoy;
using app::ChosenHost;

namespace {

constexpr auto boot_id = "/proc/sys/kernel/random/boot_id";

struct World {
  base::Result<system::TemporaryDirectory> directory = system::TemporaryDirectory::make();
  std::map<std::string, test::FakeTarget> machines;
  std::vector<ChosenHost> opened;
  test::StillClock clock;
  app::RebootRequest request;
  app::RebootServices services;

  World() {
    request.work_directory = directory->path();
    services.clock = &clock;
    services.open =
        [this](const ChosenHost& host) -> base::Result<std::unique_ptr<target::Target>> {
      opened.push_back(host);
      return std::make_unique<test::BorrowedTarget>(machines.at(host.name()));
    };
  }
  test::FakeTarget& add(const std::string& name, bool comes_back = true) {
    ChosenHost host;
    host.host.name = name;
    host.host.connection.ssh_arguments = {"-o", "UserKnownHostsFile=theirs"};
    request.hosts.push_back({host});
    auto& machine = machines.emplace(name, test::FakeTarget(name)).first->second;
    machine.add_file(boot_id, "one\n");
    machine.on_command("/bin/sh -c *sshd -T*",
                       {.out = "ssh-ed25519 AAAAC3 root@a\necdsa-sha2-nistp256 AAAAE2 root@a\n"});
    machine.on_command("systemctl reboot",
                       [comes_back](test::FakeTarget& fake, const target::RunCommand&) {
                         if (comes_back) fake.add_file(boot_id, "two\n");
                         return target::CommandAnswer{};
                       });
    return machine;
  }
};

}  // namespace

TEST_CASE("a host reboots and is met again by keys that FIPS mode leaves it") {
  World world;
  world.add("a");
  const auto outcomes = app::reboot_hosts(world.request, world.services);
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].rebooted);
  CHECK(outcomes[0].signs.has_value());
  CHECK(outcomes[0].host_keys == std::vector<std::string>{"ecdsa-sha2-nistp256 AAAAE2"});
  const auto file = world.directory->path() + "/known_hosts.0";
  CHECK(system::read_file(file).value() == "* ecdsa-sha2-nistp256 AAAAE2\n");
  REQUIRE(world.opened.size() == 2);
  CHECK(world.opened[1].host.connection.ssh_arguments ==
        std::vector<std::string>{"-o", "UserKnownHostsFile=" + file, "-o",
                                 "GlobalKnownHostsFile=/dev/null", "-o",
                                 "UserKnownHostsFile=theirs"});
}

TEST_CASE("new host keys are made before the reboot, and met again by them") {
  World world;
  auto& machine = world.add("a");
  world.request.hosts.front().new_host_keys = true;
  machine.on_command("/bin/sh -c *OPENSSL_FORCE_FIPS_MODE=1 ssh-keygen*",
                     [](test::FakeTarget& fake, const target::RunCommand&) {
                       fake.on_command("/bin/sh -c *sshd -T*",
                                       {.out = "ecdsa-sha2-nistp256 AAAAnew\n"});
                       return target::CommandAnswer{};
                     });
  const auto outcomes = app::reboot_hosts(world.request, world.services);
  CHECK(outcomes[0].rebooted);
  CHECK(outcomes[0].host_keys == std::vector<std::string>{"ecdsa-sha2-nistp256 AAAAnew"});
}

TEST_CASE("a host whose keys can't be made anew is not taken down") {
  World world;
  auto& machine = world.add("a");
  world.request.hosts.front().new_host_keys = true;
  machine.on_command("/bin/sh -c *ssh-keygen -q*", {.status = 1, .err = "no space left\n"});
  const auto outcomes = app::reboot_hosts(world.request, world.services);
  CHECK(outcomes[0].detail == "new host keys could not be made: no space left");
  CHECK_FALSE(outcomes[0].rebooted);
}

TEST_CASE("when one does not come back no other is taken down") {
  World world;
  world.add("a", false);
  auto& other = world.add("b");
  const auto outcomes = app::reboot_hosts(world.request, world.services);
  CHECK_FALSE(outcomes[0].rebooted);
  CHECK(outcomes[0].detail ==
        "did not come back within 900 s (it never went down); to start it without FIPS mode, edit "
        "its entry at the boot menu: fips=0 instead of fips=1");
  CHECK(outcomes[1].detail == "not rebooted: another host did not come back");
  CHECK(other.performed.empty());
}

TEST_CASE("a host that could not be met again is not taken down") {
  World world;
  auto& machine = world.add("a");
  machine.on_command("/bin/sh -c *sshd -T*", {.out = "ssh-ed25519 AAAAC3 root@a\n"});
  const auto outcomes = app::reboot_hosts(world.request, world.services);
  CHECK(outcomes[0].detail ==
        "sshd has no ECDSA or RSA host key: it could not be reached in FIPS mode");
  CHECK(machine.performed.empty());
}

TEST_CASE("the machine we run on is never rebooted") {
  World world;
  auto& machine = world.add("local");
  world.request.hosts[0].host.host.connection.local = true;
  CHECK(app::reboot_hosts(world.request, world.services)[0].detail ==
        "this is the machine we run on: reboot it yourself");
  CHECK(machine.performed.empty());
}
