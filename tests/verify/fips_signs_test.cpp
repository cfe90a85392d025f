#include "verify/fips_signs.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "boot/grubenv.hpp"
#include "support/fake_target.hpp"
#include "support/initramfs_bytes.hpp"

using namespace konvoy;
using verify::FipsSigns;

namespace {

// printf kernel | openssl dgst -sha512 -hmac FIPS-FTW-RHT2009
const std::string digest =
    "751e8faaf948ea3daa397b01b374fa331644b07773b8f26ed24e052a4ac7f4e4"
    "e249e9ec3e5ca44c105847965f1fc5d58e1c26ae2acac625ecc9e961f6fcf1fe";

facts::HostFacts fips_facts() {
  facts::HostFacts facts{.live = true,
                         .distribution = "RedHat",
                         .distribution_version = "8.4",
                         .major_version = 8,
                         .os_id = "rhel",
                         .kernels = {{.release = "1", .image = "/boot/vmlinuz-1", .running = true}},
                         .fips_enabled = true,
                         .kernel_command_line = "ro fips=1 boot=UUID=1-2",
                         .packages = {{"dracut", "1"}, {"crypto-policies", "1"}, {"openssl", "1"}}};
  facts.boot = {.separate_boot = true,
                .boot_uuid = "1-2",
                .grubenv = "/boot/grub2/grubenv",
                .bls_enabled = true};
  return facts;
}

void set_arguments(test::FakeTarget& machine, const std::string& arguments) {
  auto block = boot::Grubenv::empty();
  REQUIRE(block.set("kernelopts", arguments).ok());
  machine.add_file("/boot/grub2/grubenv", block.render());
}

/// A host where every sign says yes.
test::FakeTarget fips_machine(bool live = true) {
  test::FakeTarget machine("host", live);
  machine.add_file("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"fips=1 boot=UUID=1-2\"\n");
  set_arguments(machine, "root=/dev/sda2 ro fips=1 boot=UUID=1-2");
  machine.add_file("/boot/loader/entries/a.conf", "linux /vmlinuz-1\noptions $kernelopts\n");
  machine.add_file("/boot/vmlinuz-1", "kernel");
  machine.add_file("/boot/.vmlinuz-1.hmac", digest + "  /boot/vmlinuz-1\n");
  machine.add_file("/boot/initramfs-1.img", test::fips_initramfs_bytes());
  machine.add_file("/etc/system-fips", "");
  machine.add_file("/etc/dracut.conf.d/40-fips.conf", "");
  machine.add_file("/etc/crypto-policies/back-ends/nss.config", "");
  machine.add_file("/etc/crypto-policies/config", "FIPS:OSPP\n");
  machine.add_file("/etc/crypto-policies/state/current", "FIPS:OSPP\n");
  return machine;
}

FipsSigns judged(test::FakeTarget& machine, const facts::HostFacts& facts) {
  auto signs = verify::check_fips_signs(machine, facts);
  REQUIRE(signs.ok());
  CHECK(machine.performed.empty());
  return *std::move(signs);
}

/// "yes: because".
std::string said(test::FakeTarget& machine, const facts::HostFacts& facts, std::string_view sign) {
  const auto signs = judged(machine, facts);
  CHECK(signs.passed() ==
        (signs.sign(sign).state == "yes" || signs.not_applicable.contains(std::string(sign))));
  return signs.sign(sign).state + ": " + signs.sign(sign).because;
}

}  // namespace

TEST_CASE("every sign of a machine in FIPS mode says yes, and why") {
  auto machine = fips_machine();
  const auto signs = judged(machine, fips_facts());
  CHECK(verify::render_text(signs) ==
        "configured    yes      1 of 1 boot entries have fips=1 and the right boot=\n"
        "running       yes      fips_enabled is 1, and the kernel was started with fips=1\n"
        "initramfs     yes      that of the only kernel has dracut's fips module\n"
        "policy        yes      'FIPS:OSPP' is configured and in force\n"
        "module_files  yes      /etc/system-fips is there, and the only kernel fits its checksum "
        "file\n"
        "packages      yes      installed: dracut, crypto-policies, openssl\n");
  CHECK(signs.passed());
  CHECK(machine.observed.size() <= 3);
}

TEST_CASE("each sign can fail alone") {
  const auto facts = fips_facts();
  auto machine = fips_machine();
  set_arguments(machine, "ro fips=1");
  CHECK(said(machine, facts, "configured") ==
        "no: the boot entry '/boot/loader/entries/a.conf' has no boot=, though /boot is a file "
        "system "
        "of its own");
  set_arguments(machine, "ro fips=1 boot=UUID=7");
  CHECK(said(machine, facts, "configured") ==
        "no: the boot entry '/boot/loader/entries/a.conf' has boot=UUID=7, but /boot is UUID=1-2");
  set_arguments(machine, "ro boot=UUID=1-2");
  CHECK(said(machine, facts, "configured") ==
        "no: the boot entry '/boot/loader/entries/a.conf' has no fips=1");
  machine = fips_machine();
  machine.add_file("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"ro\"\n");
  CHECK(said(machine, facts, "configured").starts_with("no: GRUB_CMDLINE_LINUX in"));
  machine = fips_machine();
  machine.add_file("/boot/initramfs-1.img", test::initramfs_bytes({"base"}));
  CHECK(said(machine, facts, "initramfs")
            .starts_with("no: '/boot/initramfs-1.img' lacks the dracut"));
  machine = fips_machine();
  machine.add_file("/etc/crypto-policies/config", "FIPS:OSPP\n");
  CHECK(said(machine, facts, "policy") ==
        "no: the policy was configured after it was applied last");
  machine = fips_machine();
  machine.add_file("/boot/vmlinuz-1", "another kernel");
  CHECK(said(machine, facts, "module_files") ==
        "no: '/boot/.vmlinuz-1.hmac' does not fit '/boot/vmlinuz-1'");
}

TEST_CASE("what runs is judged by the flag and the command line together") {
  auto machine = fips_machine();
  auto facts = fips_facts();
  facts.fips_enabled = false;
  CHECK(said(machine, facts, "running") ==
        "no: fips_enabled is 0, though the kernel was started with fips=1");
  facts.fips_enabled = std::nullopt;
  CHECK(said(machine, facts, "running")
            .starts_with("no: the running kernel has no /proc/sys/crypto"));
  facts.fips_enabled = true;
  facts.kernel_command_line = "ro";
  CHECK(said(machine, facts, "running") ==
        "no: fips_enabled is 1, but /proc/cmdline has no fips=1");
}

TEST_CASE("an image can pass though nothing runs there, and release 7 without a policy") {
  auto machine = fips_machine(false);
  auto facts = fips_facts();
  facts.live = false;
  CHECK(said(machine, facts, "running") == "unknown: nothing runs in an image");
  CHECK(judged(machine, facts).passed());
  facts.major_version = 7;
  facts.packages = {{"dracut-fips", "1"}, {"openssl", "1"}};
  CHECK(said(machine, facts, "policy") == "unknown: release 7 has no system-wide crypto policy");
}

TEST_CASE("what cannot be read is unknown, and never passes") {
  auto machine = fips_machine();
  machine.refuse("/boot/loader/entries", "permission denied");
  const auto signs = judged(machine, fips_facts());
  CHECK(signs.sign("configured").state == "unknown");
  CHECK(signs.sign("configured").because == "can't list /boot/loader/entries: permission denied");
  CHECK(signs.sign("policy").state == "yes");
  CHECK_FALSE(signs.passed());
}

TEST_CASE("a rebuild says that it is not the validated system, and the auditors' command is kept") {
  auto machine = fips_machine();
  machine.on_command("fips-mode-setup --check", {.out = "FIPS mode is enabled.\n"});
  auto facts = fips_facts();
  facts.os_id = "rocky";
  facts.distribution = "Rocky";
  const auto signs = judged(machine, facts);
  CHECK(signs.mode_setup_check == "FIPS mode is enabled.");
  REQUIRE(signs.remarks.size() == 1);
  CHECK(signs.remarks[0].starts_with("Rocky 8.4 is not the validated operating system"));
  const auto value = verify::to_value(signs);
  CHECK(*value.at_path("signs.running.state")->string() == "yes");
  CHECK(*value.at_path("result")->string() == "pass");
  CHECK(*value.at_path("fips_mode_setup")->string() == "FIPS mode is enabled.");
}
