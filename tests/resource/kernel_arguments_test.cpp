#include "resource/kernel_arguments.hpp"

#include <doctest/doctest.h>

#include "boot/grubenv.hpp"
#include "support/apply.hpp"

using namespace konvoy;
using resource::KernelArguments;
using test::apply;

namespace {

std::string grubenv(const std::string& arguments) {
  auto block = boot::Grubenv::empty();
  REQUIRE(block.set("saved_entry", "a").ok());
  REQUIRE(block.set("kernelopts", arguments).ok());
  return block.render();
}

facts::HostFacts el8() {
  facts::HostFacts facts{.major_version = 8, .kernel_command_line = "ro"};
  facts.boot = {.separate_boot = true,
                .boot_uuid = "1-2",
                .grub_configs = {"/boot/grub2/grub.cfg"},
                .grubenv = "/boot/grub2/grubenv",
                .bls_enabled = true};
  return facts;
}

test::FakeTarget el8_machine() {
  test::FakeTarget machine;
  machine.add_file("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"ro\"\nGRUB_ENABLE_BLSCFG=true\n");
  machine.add_file("/boot/grub2/grub.cfg", "blscfg\n", 0600);
  machine.add_file("/boot/efi/EFI/redhat/grubenv", grubenv("root=/dev/sda2 ro"));
  machine.add_link("/boot/grub2/grubenv", "../efi/EFI/redhat/grubenv");
  machine.add_file("/boot/loader/entries/a.conf", "linux /vmlinuz-1\noptions $kernelopts\n");
  machine.add_file("/boot/loader/entries/b.conf",
                   "linux /vmlinuz-2\noptions root=/dev/sda2 quiet\n");
  return machine;
}

const resource::Resource fips(const facts::HostFacts& facts) {
  return as_resource(KernelArguments{resource::fips_arguments(facts.boot)});
}

}  // namespace

TEST_CASE("boot= is there exactly when /boot is a file system of its own") {
  using Changes = std::vector<boot::ArgumentChange>;
  CHECK(resource::fips_arguments({.separate_boot = true, .boot_uuid = "1-2"}) ==
        Changes{{"fips", "1"}, {"boot", "UUID=1-2"}});
  CHECK(resource::fips_arguments({}) == Changes{{"fips", "1"}, {"boot", std::nullopt}});
}

TEST_CASE("everything that a boot reads is written, the environment block last") {
  auto machine = el8_machine();
  const auto facts = el8();
  const auto applied = apply(machine, facts, fips(facts));
  CHECK(applied.text ==
        "write /etc/default/grub.konvoy-image.bak\nwrite /etc/default/grub\n"
        "write /boot/loader/entries/b.conf.konvoy-image.bak\nwrite /boot/loader/entries/b.conf\n"
        "write /boot/grub2/grubenv.konvoy-image.bak\nwrite /boot/grub2/grubenv");
  CHECK(std::get<resource::Actions>(applied.decision).needs_reboot);
  CHECK(machine.content("/boot/efi/EFI/redhat/grubenv") ==
        grubenv("root=/dev/sda2 ro fips=1 boot=UUID=1-2"));
  CHECK(machine.node("/boot/grub2/grubenv")->type == target::FileType::link);
  CHECK(machine.content("/boot/grub2/grubenv.konvoy-image.bak") == grubenv("root=/dev/sda2 ro"));
  CHECK(machine.content("/boot/loader/entries/b.conf") ==
        "linux /vmlinuz-2\noptions root=/dev/sda2 quiet fips=1 boot=UUID=1-2\n");
  CHECK(apply(machine, facts, fips(facts)).text == "nothing");
}

TEST_CASE("a backup keeps the first state, and its mode") {
  auto machine = el8_machine();
  const auto facts = el8();
  machine.add_file("/boot/grub2/grub.cfg", "blscfg\nset kernelopts=\"ro\"\n", 0600);
  machine.add_file("/etc/default/grub.konvoy-image.bak", "first");
  (void)apply(machine, facts, fips(facts));
  CHECK(machine.content("/etc/default/grub.konvoy-image.bak") == "first");
  CHECK(machine.node("/boot/grub2/grub.cfg.konvoy-image.bak")->mode == 0600);
  CHECK(machine.node("/boot/grub2/grub.cfg")->mode == 0600);
}

TEST_CASE("a machine that runs with the arguments needs no reboot") {
  auto machine = el8_machine();
  auto facts = el8();
  facts.kernel_command_line = "BOOT_IMAGE=/vmlinuz ro fips=1 boot=UUID=1-2";
  (void)apply(machine, facts, fips(facts));
  const auto again = apply(machine, facts, fips(facts));
  CHECK_FALSE(std::get<resource::Actions>(again.decision).needs_reboot);
}

TEST_CASE("kernelopts that only grub.cfg sets goes into grubenv too") {
  auto machine = el8_machine();
  const auto facts = el8();
  auto empty = boot::Grubenv::empty();
  machine.add_file("/boot/efi/EFI/redhat/grubenv", empty.render());
  CHECK(apply(machine, facts, fips(facts)).text ==
        "refused: the boot entries take their arguments from $kernelopts, which neither grubenv "
        "nor grub.cfg sets");
  machine.add_file("/boot/grub2/grub.cfg", "blscfg\nset kernelopts=\"root=/dev/sda2\"\n");
  REQUIRE(apply(machine, facts, fips(facts)).done);
  REQUIRE(empty.set("kernelopts", "root=/dev/sda2 fips=1 boot=UUID=1-2").ok());
  CHECK(machine.content("/boot/grub2/grubenv") == empty.render());
}

TEST_CASE("nothing is written when something is not understood") {
  const auto facts = el8();
  const auto refused = [&](const std::string& path, const std::string& text) {
    auto machine = el8_machine();
    machine.add_file(path, text);
    const auto applied = apply(machine, facts, fips(facts));
    CHECK(machine.performed.empty());
    return applied.text;
  };
  CHECK(refused("/boot/efi/EFI/redhat/grubenv", "saved_entry=1\n") ==
        "refused: the GRUB environment block '/boot/grub2/grubenv' is damaged: it does not start "
        "with '# GRUB Environment Block'");
  CHECK(refused("/boot/efi/EFI/redhat/grubenv", "# GRUB Environment Block\nkernelopts=ro\n####") ==
        "refused: the GRUB environment block '/boot/grub2/grubenv' is full: 'kernelopts' needs 17 "
        "bytes more than its 43");
  CHECK(refused("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"a \\\nb\"\n") ==
        "refused: /etc/default/grub:1: GRUB_CMDLINE_LINUX is not understood: its value goes on in "
        "the next line");
  CHECK(refused("/boot/loader/entries/c.conf", "linux /vmlinuz-3\n") ==
        "refused: the boot entry '/boot/loader/entries/c.conf' has no options line");
}

TEST_CASE("a machine without boot entries is refused") {
  test::FakeTarget machine;
  CHECK(apply(machine, {}, fips({})).text ==
        "refused: no boot entry was found: there is nothing to give kernel arguments to");
}

TEST_CASE("release 8 without BLS is changed like release 7, with a warning") {
  test::FakeTarget machine;
  auto facts = el8();
  facts.boot.bls_enabled = false;
  facts.boot.separate_boot = false;
  machine.add_file("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"ro\"\n");
  machine.add_file("/etc/kernel/cmdline", "root=/dev/sda2 boot=UUID=9\n");
  machine.add_file("/boot/grub2/grub.cfg",
                   "menuentry 'A' {\n\tlinux\t/boot/vmlinuz-1 ro boot=UUID=9\n}\n");
  const auto applied = apply(machine, facts, fips(facts));
  REQUIRE(applied.done);
  CHECK(std::get<resource::Actions>(applied.decision).warnings.size() == 1);
  CHECK(machine.content("/etc/kernel/cmdline") == "root=/dev/sda2 fips=1\n");
  CHECK(machine.content("/boot/grub2/grub.cfg") ==
        "menuentry 'A' {\n\tlinux\t/boot/vmlinuz-1 ro fips=1\n}\n");
}
