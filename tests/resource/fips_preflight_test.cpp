#include "resource/fips_preflight.hpp"

#include <doctest/doctest.h>

#include "support/apply.hpp"

using namespace konvoy;
using resource::FipsPreflight;

namespace {

facts::HostFacts good_facts() {
  facts::HostFacts facts{.architecture = "x86_64",
                         .kernels = {{.release = "1.el8", .image = "/boot/vmlinuz-1.el8"}},
                         .fips_enabled = false};
  facts.boot.free_bytes = 500U << 20U;
  return facts;
}

test::FakeTarget good_machine() {
  test::FakeTarget machine;
  machine.add_file("/boot/config-1.el8", "CONFIG_CRYPTO_FIPS=y\n");
  machine.add_file("/lib/modules/1.el8/kernel/crypto/tcrypt.ko.xz", "");
  machine.on_command("/bin/sh -c *sshd -T*",
                     {.out = "ssh-ed25519 AAAAC3 a\necdsa-sha2-nistp256 AAAAE2 a\n"});
  machine.on_command("/bin/sh -c *authorized_keys*", {.out = "ssh-ed25519\nssh-rsa\n"});
  machine.on_command("/bin/sh -c *luksDump*", {.out = "/dev/sda3 pbkdf2\n"});
  return machine;
}

/// "ok", or the message of the refusal with its notes, a line each.
std::string judged(test::FakeTarget machine, const facts::HostFacts& facts,
                   FipsPreflight preflight = {}) {
  const auto decision = test::decided(machine, facts, as_resource(std::move(preflight)));
  if (const auto* refusal = std::get_if<resource::Refusal>(&decision)) {
    std::string text = refusal->problem.message;
    for (const auto& note : refusal->problem.notes) text += "\n" + note.message;
    return text;
  }
  CHECK(std::get<resource::Actions>(decision).actions.empty());
  return "ok";
}

}  // namespace

TEST_CASE("a machine that can be switched passes, with a word about old keys") {
  CHECK(judged(good_machine(), good_facts()) == "ok");
  auto machine = good_machine();
  const auto decision = test::decided(machine, good_facts(), as_resource(FipsPreflight{}));
  CHECK(std::get<resource::Actions>(decision).warnings.size() == 1);
}

TEST_CASE("each reason refuses on its own") {
  auto machine = good_machine();
  machine.on_command("/bin/sh -c *authorized_keys*", {.out = "ssh-ed25519\n"});
  CHECK(judged(machine, good_facts()) ==
        "every key that may log in is of a type that sshd refuses in FIPS mode (ssh-ed25519)\n"
        "to go on all the same: --accept-risk login-key");
  machine = good_machine();
  machine.on_command("/bin/sh -c *luksDump*", {.out = "/dev/sda3 argon2id\n"});
  CHECK(judged(machine, good_facts())
            .starts_with("the encrypted volume '/dev/sda3' derives its key "
                         "with argon2id"));
  machine = good_machine();
  machine.add_file("/boot/config-1.el8", "# CONFIG_CRYPTO_FIPS is not set\n");
  CHECK(judged(machine, good_facts())
            .starts_with("the kernel 1.el8 is built without FIPS mode (CONFIG_CRYPTO_FIPS)"));
  machine = good_machine();
  REQUIRE(
      machine.perform(target::Remove{"/lib/modules/1.el8/kernel/crypto/tcrypt.ko.xz"}, {}).ok());
  CHECK(judged(machine, good_facts()).starts_with("the kernel 1.el8 has no module tcrypt"));
  machine = good_machine();
  machine.on_command("/bin/sh -c *sshd -T*", {.out = "ssh-ed25519 AAAAC3 a\n"});
  CHECK(judged(machine, good_facts()).starts_with("sshd has no host key that it may use"));
  auto facts = good_facts();
  facts.joined_cluster = true;
  CHECK(judged(good_machine(), facts).starts_with("this node has joined a cluster"));
  facts = good_facts();
  facts.boot.free_bytes = 1U << 20U;
  CHECK(judged(good_machine(), facts).starts_with("/boot has 1 MiB left"));
  facts = good_facts();
  facts.kernels.clear();
  CHECK(judged(good_machine(), facts).starts_with("no installed kernel was found"));
}

TEST_CASE("an accepted risk is a warning, and the others still count") {
  auto facts = good_facts();
  facts.joined_cluster = true;
  auto machine = good_machine();
  machine.on_command("/bin/sh -c *authorized_keys*", {.out = "ssh-ed25519\n"});
  CHECK(judged(machine, facts, {.accepted_risks = {"joined-node", "login-key"}}) == "ok");
  CHECK(judged(machine, facts, {.accepted_risks = {"joined-node"}})
            .starts_with("every key that may log in"));
  CHECK(judged(machine, facts) ==
        "this node has joined a cluster: FIPS mode cannot be applied to an existing cluster\n"
        "every key that may log in is of a type that sshd refuses in FIPS mode (ssh-ed25519); add "
        "an RSA (2048 bits or more) or ECDSA key to authorized_keys first\n"
        "to go on all the same: --accept-risk joined-node --accept-risk login-key");
  CHECK(resource::fips_risks().size() == 7);
}

TEST_CASE("what never works cannot be accepted") {
  auto facts = good_facts();
  facts.architecture = "s390x";
  CHECK(judged(good_machine(), facts).starts_with("FIPS mode on s390x is not supported"));
  facts = good_facts();
  facts.ostree = true;
  CHECK(judged(good_machine(), facts).starts_with("this is an ostree system"));
  facts = good_facts();
  facts.boot.separate_boot = true;
  CHECK(judged(good_machine(), facts) == "the UUID of the file system on /boot is not known");
}

TEST_CASE("an image root has nobody to lock out yet, and a machine in FIPS mode no more") {
  auto facts = good_facts();
  facts.live = false;
  facts.fips_enabled = std::nullopt;
  auto machine = good_machine();
  machine.on_command("/bin/sh -c *authorized_keys*", {.out = "ssh-ed25519\n"});
  CHECK(judged(machine, facts) == "ok");
  facts = good_facts();
  facts.fips_enabled = true;
  facts.joined_cluster = true;
  CHECK(judged(test::FakeTarget(), facts) == "ok");
}
