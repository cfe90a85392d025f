#include "boot/initramfs.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "boot/cpio.hpp"

using namespace konvoy::boot;

namespace {

std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4, '\0');
  return bytes;
}

std::string file(std::string_view name, std::string_view content, unsigned mode = 0100644) {
  std::string header = "070701";
  for (const unsigned field : {1U, mode, 0U, 0U, 1U, 0U, unsigned(content.size()), 0U, 0U, 0U, 0U,
                               unsigned(name.size() + 1), 0U}) {
    header += fmt::format("{:08X}", field);
  }
  return padded(header + std::string(name) + '\0') + padded(std::string(content));
}

const std::string trailer = file("TRAILER!!!", "");

std::string fips_archive() {
  return file("usr/lib/dracut/modules.txt", "bash\nfips\nbase\n") + file("usr/sbin/fips.sh", "#") +
         file("usr/lib/dracut/hooks/pre-trigger/01-fips-boot.sh", "#") +
         file("usr/lib/dracut/hooks/pre-pivot/01-fips-noboot.sh", "#") +
         file("etc/fipsmodules", "sha512\n") + file("usr/bin/sha512hmac", "\x7f") +
         file("etc/system-fips", "# x\n") + trailer;
}

}  // namespace

TEST_CASE("a raw archive is read with names and modules") {
  const auto found = parse_initramfs(file("./a", "1") + fips_archive(), "i.img").value();
  CHECK_FALSE(found.early_cpio);
  CHECK(found.names.contains("a"));
  CHECK(found.modules == std::set<std::string>{"base", "bash", "fips"});
  CHECK(missing_for_fips(found).empty());
}

TEST_CASE("microcode before the archive is passed over") {
  const std::string early = file("early_cpio", "1\n") +
                            file("kernel/x86/microcode/GenuineIntel.bin", "abc") + trailer +
                            std::string(300, '\0');
  const auto found = parse_initramfs(early + fips_archive(), "i.img").value();
  CHECK(found.early_cpio);
  CHECK_FALSE(found.names.contains("early_cpio"));
  CHECK(missing_for_fips(found).empty());
}

TEST_CASE("a compressed archive behind microcode is read") {
  // "usr/lib/dracut/modules.txt" with "fips\n", and the trailer: cpio -o -H newc | gzip -9n.
  const auto compressed = konvoy::base::from_base64(
      "H4sIAAAAAAACAzMwNzA3MDQwcDQ3MjC1NAACC0NHEwPswNDMycDYxc3YGco3hVBurgZ4gaETjFVaXKSf"
      "k5mkn1KUmFxaop+bn1Kak1qsV1JRwgAEaZkFxVxA2gDqJqIAserQAdxNIUGOnj6uQYqKigwjEAAAifCk"
      "aAACAAA=");
  const auto found = parse_initramfs(
      file("early_cpio", "1\n") + trailer + std::string(512, '\0') + *compressed, "i.img");
  REQUIRE(found.ok());
  CHECK(found->early_cpio);
  CHECK(found->modules == std::set<std::string>{"fips"});
}

TEST_CASE("damage is an error that names the file") {
  const auto whole = fips_archive();
  for (const auto& bytes :
       {std::string("garbage"), whole.substr(0, 200),
        whole.substr(0, whole.size() - trailer.size()), "070701" + std::string(200, 'z')}) {
    const auto found = parse_initramfs(bytes, "/boot/i.img");
    REQUIRE_FALSE(found.ok());
    CHECK(found.error().diagnostics[0].notes[0].message ==
          "while reading the initramfs '/boot/i.img'");
  }
  CHECK(parse_initramfs("", "i").value().names.empty());
}

TEST_CASE("what lsinitrd prints is read") {
  const auto found = parse_lsinitrd(
      "Image: /boot/initramfs-4.18.img: 20M\n"
      "====\nEarly CPIO image\n====\n"
      "drwxr-xr-x   3 root     root            0 May  1  2020 kernel\n====\n"
      "Version: dracut-049-135\n\nArguments: -f\n\ndracut modules:\nbash\nfips\n====\n"
      "drwxr-xr-x  12 root     root            0 May  1  2020 .\n"
      "-rw-r--r--   1 root     root           36 May  1  2020 etc/system-fips\n"
      "crw-r--r--   1 root     root       1,   8 May  1  2020 dev/random\n"
      "lrwxrwxrwx   1 root     root            7 May  1  2020 bin -> usr/bin\n====\n");
  CHECK(found.early_cpio);
  CHECK(found.modules == std::set<std::string>{"bash", "fips"});
  CHECK(found.names == std::set<std::string>{".", "bin", "dev/random", "etc/system-fips"});
}

TEST_CASE("what is missing for FIPS mode is said") {
  const auto all = missing_for_fips(Initramfs{});
  CHECK(all.size() == 7);
  CHECK(all[0] == "the dracut module fips");
  auto found = parse_initramfs(fips_archive(), "i").value();
  found.names.erase("etc/system-fips");
  CHECK(missing_for_fips(found) == std::vector<std::string>{"etc/system-fips"});
}
