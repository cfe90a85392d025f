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

TEST_CASE("FIPS mode leaves ECDSA keys and RSA keys that are long enough") {
  CHECK(resource::usable_in_fips_mode("ssh-ed25519 AAAAC3 root@a\n"
                                      "ecdsa-sha2-nistp256 AAAAE2 root@a\n"
                                      "ssh-rsa AAAAB3 short\n"
                                      "ssh-dss AAAAB3 old\n\n") ==
        std::vector<std::string>{"ecdsa-sha2-nistp256 AAAAE2"});
  CHECK(resource::usable_in_fips_mode("").empty());
}

TEST_CASE("the size of an RSA key is read from its public half") {
  // ssh-keygen -t rsa -b 1024 and ssh-keygen -t ed25519
  CHECK(resource::rsa_bits(
            "ssh-rsa "
            "AAAAB3NzaC1yc2EAAAADAQABAAAAgQCsed4rHszkJggCJRZemwVMoUJSyDQyca+Kryh9qBCnn4/"
            "AftpmYeRIyUmncLUy1evm0Py/bupaonr3lHX05plY4ry7YAKcUbPaNkZQ/"
            "jlw0hoThgvkWMiY3a0pyQvdYUZDsK1w+I1rQRsuMkMyepHnYsOJ/slSkEZu5ygSOGaq4Q== c") == 1024);
  CHECK(resource::rsa_bits(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIZj+OQYvBHpa3vCCeTKaOCpPzzx5MS/a1/4JepRiSvu") ==
        0);
  CHECK(resource::rsa_bits("ssh-rsa AAAAB3") == 0);
  CHECK(resource::rsa_bits("") == 0);
}
