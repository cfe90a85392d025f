#include "resource/host_keys.hpp"

#include <doctest/doctest.h>

#include "support/apply.hpp"

using namespace konvoy;

TEST_CASE("an image loses its host keys, a live host only gets a warning") {
  const auto absent = as_resource(resource::HostKeysAbsent{});
  test::FakeTarget machine;
  CHECK(test::apply(machine, {}, absent).text == "nothing");
  machine.add_file("/etc/ssh/sshd_config", "");
  machine.add_file("/etc/ssh/ssh_host_rsa_key", "");
  machine.add_file("/etc/ssh/ssh_host_rsa_key.pub", "");
  const auto live = test::apply(machine, {.live = true}, absent);
  CHECK(live.text == "nothing");
  CHECK(std::get<resource::Actions>(live.decision).warnings.size() == 1);
  CHECK(test::apply(machine, {.live = false}, absent).text ==
        "remove /etc/ssh/ssh_host_rsa_key\nremove /etc/ssh/ssh_host_rsa_key.pub");
  CHECK(test::apply(machine, {.live = false}, absent).text == "nothing");
  CHECK(machine.content("/etc/ssh/sshd_config") == "");
}
