#include "boot/initramfs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "archive/decompress.hpp"
#include "base/text.hpp"
#include "boot/cpio.hpp"

namespace konvoy::boot {
namespace {

/// More than any initramfs holds (a generic EL8 one: about 120 MiB); a guard against bombs.
constexpr std::uint64_t content_limit = 2ULL << 30U;

void add_module_lines(std::string_view text, std::set<std::string>& modules) {
  for (const auto& line : base::split_lines(text)) {
    const auto name = base::trim(line);
    if (!name.empty()) modules.emplace(name);
  }
}

/// Puts one archive's files into `found`; the offset behind it.
base::Result<std::size_t> add_archive(std::string_view bytes, Initramfs& found) {
  Initramfs part;
  KONVOY_TRY(const auto end, read_cpio(bytes, [&](const CpioEntry& entry) {
               part.names.emplace(entry.name);
               if (entry.name.ends_with("lib/dracut/modules.txt")) {
                 add_module_lines(entry.content, part.modules);
               }
             }));
  if (part.names.contains("early_cpio")) {
    found.early_cpio = true;
    return end;
  }
  found.names.merge(part.names);
  found.modules.merge(part.modules);
  return end;
}

std::string_view without_zeros(std::string_view bytes) {
  return bytes.substr(std::min(bytes.find_first_not_of('\0'), bytes.size()));
}

base::Result<Initramfs> parse(std::string_view bytes) {
  Initramfs found;
  while (is_cpio(bytes)) {
    KONVOY_TRY(const auto end, add_archive(bytes, found));
    bytes = without_zeros(bytes.substr(end));
  }
  if (bytes.empty()) return found;
  KONVOY_TRY(const auto content, archive::decompress(bytes, content_limit));
  std::string_view rest = content;
  do {
    KONVOY_TRY(const auto end, add_archive(rest, found));
    rest = without_zeros(rest.substr(end));
  } while (!rest.empty());
  return found;
}

/// The name in a line of `ls -l` as cpio -tv prints it: "-rw-r--r--  1 root root 5 May 2 2020
/// name", of a link without where it leads.
std::string_view listed_name(std::string_view line) {
  constexpr std::string_view types = "-dlcbps";
  if (line.size() < 10 || types.find(line[0]) == std::string_view::npos) return {};
  if (line[0] == 'l') line = line.substr(0, line.find(" -> "));
  const auto space = line.rfind(' ');
  if (space == std::string_view::npos) return {};
  auto name = line.substr(space + 1);
  if (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

bool has_any(const std::set<std::string>& names, std::initializer_list<std::string_view> suffixes) {
  return std::ranges::any_of(names, [&](const std::string& name) {
    return std::ranges::any_of(suffixes, [&](auto suffix) { return name.ends_with(suffix); });
  });
}

}  // namespace

base::Result<Initramfs> parse_initramfs(std::string_view bytes, std::string_view path) {
  auto found = parse(bytes);
  if (!found) {
    return std::move(found).error().with_note(
        fmt::format("while reading the initramfs '{}'", path));
  }
  return found;
}

Initramfs parse_lsinitrd(std::string_view text) {
  Initramfs found;
  bool in_modules = false;
  bool in_early = false;
  for (const auto& line : base::split_lines(text)) {
    if (line.starts_with("Early CPIO")) found.early_cpio = in_early = true;
    if (line.starts_with("Version:") || line.starts_with("Arguments:")) in_early = false;
    if (line.starts_with("===")) {
      in_modules = false;
    } else if (base::trim(line) == "dracut modules:") {
      in_modules = true;
    } else if (in_modules) {
      add_module_lines(line, found.modules);
    } else if (const auto name = listed_name(line); !name.empty() && !in_early) {
      found.names.emplace(name);
    }
  }
  return found;
}

std::vector<std::string> missing_for_fips(const Initramfs& initramfs) {
  std::vector<std::string> missing;
  if (!initramfs.modules.contains("fips")) missing.emplace_back("the dracut module fips");
  const auto need = [&](std::initializer_list<std::string_view> suffixes, std::string_view what) {
    if (!has_any(initramfs.names, suffixes)) missing.emplace_back(what);
  };
  need({"sbin/fips.sh"}, "sbin/fips.sh");
  need({"-fips-boot.sh"}, "the hook fips-boot.sh");
  need({"-fips-noboot.sh"}, "the hook fips-noboot.sh");
  need({"etc/fipsmodules"}, "etc/fipsmodules");
  need({"bin/sha512hmac"}, "sha512hmac");
  if (!initramfs.names.contains("etc/system-fips")) missing.emplace_back("etc/system-fips");
  return missing;
}

}  // namespace konvoy::boot
