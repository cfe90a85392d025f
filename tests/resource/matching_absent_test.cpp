#include "resource/matching_absent.hpp"

#include <doctest/doctest.h>

#include "support/apply.hpp"
#include "support/fake_target.hpp"

using namespace konvoy;
using resource::Emptied;
using resource::MatchingAbsent;

namespace {

std::string brought_about(test::FakeTarget& machine, const resource::Resource& wanted) {
  int budget = 100;
  return test::apply(machine, {}, wanted, budget).text;
}

}  // namespace

TEST_CASE("only what matches goes, and the directory stays") {
  test::FakeTarget machine("image", false);
  machine.add_file("/etc/ssh/ssh_host_rsa_key", "x");
  machine.add_file("/etc/ssh/ssh_host_rsa_key.pub", "x");
  machine.add_file("/etc/ssh/sshd_config", "x");
  const auto wanted = as_resource(MatchingAbsent{"/etc/ssh", "ssh_host_*"});
  CHECK(brought_about(machine, wanted) ==
        "remove /etc/ssh/ssh_host_rsa_key\nremove /etc/ssh/ssh_host_rsa_key.pub");
  CHECK_FALSE(machine.content("/etc/ssh/ssh_host_rsa_key").has_value());
  CHECK(machine.content("/etc/ssh/sshd_config").has_value());
  CHECK(brought_about(machine, wanted) == "nothing");
}

TEST_CASE("a directory that is not there has nothing to remove") {
  test::FakeTarget machine("image", false);
  CHECK(brought_about(machine, as_resource(MatchingAbsent{"/var/lib/cloud", "*"})) == "nothing");
}

TEST_CASE("a log is emptied, not removed; one that is not there is not made") {
  test::FakeTarget machine("image", false);
  machine.add_file("/var/log/wtmp", "who was here", 0664);
  CHECK(brought_about(machine, as_resource(Emptied{"/var/log/wtmp"})) == "write /var/log/wtmp");
  CHECK(machine.content("/var/log/wtmp") == "");
  CHECK(machine.node("/var/log/wtmp")->mode == 0664);
  CHECK(brought_about(machine, as_resource(Emptied{"/var/log/wtmp"})) == "nothing");
  CHECK(brought_about(machine, as_resource(Emptied{"/var/log/btmp"})) == "nothing");
}
