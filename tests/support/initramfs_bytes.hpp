// Small initramfs archives for tests, uncompressed.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace konvoy::test {

/// One file of a newc archive.
inline std::string cpio_file(std::string_view name, std::string_view content) {
  std::string bytes = "070701";
  const auto size = static_cast<unsigned>(content.size());
  const auto name_size = static_cast<unsigned>(name.size() + 1);
  for (const unsigned field : {1U, 0100644U, 0U, 0U, 1U, 0U, size, 0U, 0U, 0U, 0U, name_size, 0U}) {
    bytes += fmt::format("{:08X}", field);
  }
  const auto pad = [&bytes] { bytes.resize((bytes.size() + 3) / 4 * 4, '\0'); };
  bytes.append(name).push_back('\0');
  pad();
  bytes.append(content);
  pad();
  return bytes;
}

/// An initramfs that dracut made with these modules, and with these files.
inline std::string initramfs_bytes(const std::vector<std::string>& modules,
                                   const std::vector<std::string>& files = {}) {
  std::string list;
  for (const auto& module : modules) list += module + "\n";
  std::string bytes = cpio_file("usr/lib/dracut/modules.txt", list);
  for (const auto& file : files) bytes += cpio_file(file, "x\n");
  return bytes + cpio_file("TRAILER!!!", "");
}

/// One that can start FIPS mode.
inline std::string fips_initramfs_bytes() {
  return initramfs_bytes({"base", "fips"},
                         {"usr/sbin/fips.sh", "usr/lib/dracut/hooks/pre-trigger/01-fips-boot.sh",
                          "usr/lib/dracut/hooks/pre-pivot/01-fips-noboot.sh", "etc/fipsmodules",
                          "usr/bin/sha512hmac", "etc/system-fips"});
}

}  // namespace konvoy::test
