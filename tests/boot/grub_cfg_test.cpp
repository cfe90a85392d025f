#include "boot/grub_cfg.hpp"

#include <doctest/doctest.h>

using namespace konvoy::boot;

namespace {
const std::vector<ArgumentChange> fips{{"fips", "1"}, {"boot", "UUID=1-2"}};

std::string changed(std::string_view text) {
  return change_grub_cfg(text, "/boot/grub2/grub.cfg", fips).value();
}
}  // namespace

TEST_CASE("every kernel line gets the arguments, whatever the command is called") {
  CHECK(changed("\tlinux16 /vmlinuz-3.10 root=/dev/sda2 ro \n\tinitrd16 /i.img\n") ==
        "\tlinux16 /vmlinuz-3.10 root=/dev/sda2 ro fips=1 boot=UUID=1-2 \n\tinitrd16 /i.img\n");
  CHECK(changed("linuxefi /vmlinuz fips=0") == "linuxefi /vmlinuz fips=1 boot=UUID=1-2");
  CHECK(changed("linux\t/boot/vmlinuz-a") == "linux\t/boot/vmlinuz-a fips=1 boot=UUID=1-2");
  CHECK(changed("linux ($root)/vmlinuz a") == "linux ($root)/vmlinuz a fips=1 boot=UUID=1-2");
}

TEST_CASE("other lines stay") {
  for (const auto* text :
       {"linux16 /elf-memtest86+-5.31\n", "# linux /vmlinuz a\n",
        "multiboot /xen.gz\nmodule /vmlinuz-3.10 ro\n", "set kernelopts=\n",
        "set kernelopts=\"$default_kernelopts\"\n", "set kernelopts2=\"ro\"\n"}) {
    CHECK(changed(text) == text);
  }
}

TEST_CASE("the fallback for kernelopts gets the arguments") {
  const std::string text =
      "if [ -z \"${kernelopts}\" ]; then\n  set kernelopts=\"root=/dev/sda2 ro \"\nfi\n";
  CHECK(changed(text) ==
        "if [ -z \"${kernelopts}\" ]; then\n"
        "  set kernelopts=\"root=/dev/sda2 ro fips=1 boot=UUID=1-2 \"\nfi\n");
  CHECK(fallback_variable(text, "kernelopts") == "root=/dev/sda2 ro ");
  CHECK(fallback_variable(text, "default_kernelopts") == std::nullopt);
}

TEST_CASE("lines that hold more than one command are refused, all at once") {
  const auto result = change_grub_cfg(
      "linux /vmlinuz a \\\n b\nlinux /vmlinuz a; initrd /b\nlinux /vmlinuz x=\"a;b\" y=${z}\n",
      "/g", fips);
  REQUIRE_FALSE(result.ok());
  REQUIRE(result.error().diagnostics.size() == 2);
  CHECK(result.error().diagnostics[0].message ==
        "/g:1: the linux command is not understood: it goes on in the next line");
  CHECK(result.error().diagnostics[1].message ==
        "/g:3: the linux command is not understood: it shares its line with something else");
}

TEST_CASE("entries are read with their titles") {
  const auto entries = parse_grub_entries(
      "menuentry 'A (1)' --class x {\n\tlinux16 /vmlinuz-1 ro\n\tinitrd16 /initramfs-1.img\n}\n"
      "menuentry \"M\" {\n linux16 /memtest\n initrd16 /no\n}\n"
      "submenu 'S' {\nmenuentry 'B' {\n linuxefi /vmlinuz-2\n}\n}\n");
  REQUIRE(entries.size() == 2);
  CHECK(entries[0] == GrubEntry{"A (1)", "/vmlinuz-1", "ro", "/initramfs-1.img", 2});
  CHECK(entries[1] == GrubEntry{"B", "/vmlinuz-2", "", "", 11});
}

TEST_CASE("blscfg is seen as a command only") {
  CHECK(reads_bls_entries("insmod blscfg\nblscfg\n"));
  CHECK_FALSE(reads_bls_entries("insmod blscfg\n# blscfg\n"));
}
