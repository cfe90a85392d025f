#include "boot/boot_entries.hpp"

#include <doctest/doctest.h>

using namespace konvoy::boot;

TEST_CASE("kernelopts comes from grubenv, and only then from grub.cfg") {
  const std::string cfg = "set kernelopts=\"root=cfg\"\n";
  auto env = Grubenv::empty();
  CHECK(grub_variables(env, cfg).at(0).second == "root=cfg");
  REQUIRE(env.set("kernelopts", "").ok());
  CHECK(grub_variables(env, cfg).at(0).second == "root=cfg");
  REQUIRE(env.set("kernelopts", "root=env").ok());
  CHECK(grub_variables(env, cfg).at(0).second == "root=env");
  CHECK(grub_variables(std::nullopt, cfg).size() == 1);
}

TEST_CASE("BLS entries have their variables expanded") {
  const auto entries =
      bls_boot_entries({{"/boot/loader/entries/a.conf",
                         "title A\nlinux /vmlinuz-1\ninitrd /initramfs-1.img $tuned_initrd\n"
                         "options $kernelopts $tuned_params quiet\n"},
                        {"/boot/loader/entries/b.conf", "title B\nlinux /boot/vmlinuz-2\n"}},
                       {{"kernelopts", "root=x fips=1"}, {"default_kernelopts", "root=y"}});
  REQUIRE(entries.size() == 2);
  CHECK(entries[0] == BootEntry{"/boot/loader/entries/a.conf", "A", "/boot/vmlinuz-1",
                                "/boot/initramfs-1.img", "root=x fips=1  quiet"});
  CHECK(entries[1] ==
        BootEntry{"/boot/loader/entries/b.conf", "B", "/boot/vmlinuz-2", "", "root=y"});
}

TEST_CASE("entries of a grub.cfg name their line") {
  const auto entries =
      grub_cfg_boot_entries({"/g", "menuentry 'A' {\nlinux ($root)/vmlinuz-1 ro\n}\n"});
  REQUIRE(entries.size() == 1);
  CHECK(entries[0] == BootEntry{"/g:2", "A", "/boot/vmlinuz-1", "", "ro"});
}
