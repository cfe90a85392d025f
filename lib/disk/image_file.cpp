#include "disk/image_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "system/file.hpp"
#include "system/process.hpp"

namespace konvoy::disk {
namespace {

using base::Error;
using base::ErrorKind;

// docs/interop/qcow2.txt of QEMU: the header's magic.
constexpr std::string_view qcow2_magic = "QFI\xfb";

}  // namespace

base::Result<Format> format_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(qcow2_magic.size(), '\0');
  if (!file.read(start.data(), static_cast<std::streamsize>(start.size()))) {
    return Error(ErrorKind::input, fmt::format("there is no disk image '{}'", path),
                 "give a raw or qcow2 file with --base");
  }
  return start == qcow2_magic ? Format::qcow2 : Format::raw;
}

base::Result<Format> format_named(std::string_view name) {
  if (name == "raw") return Format::raw;
  if (name == "qcow2") return Format::qcow2;
  return Error(ErrorKind::input, fmt::format("there is no disk format '{}'", name),
               "the format is raw or qcow2");
}

std::string_view name_of(Format format) {
  return format == Format::raw ? "raw" : "qcow2";
}

base::Result<void> copy_to_raw(const std::string& base, const std::string& raw,
                               std::uint64_t least_size) {
  KONVOY_TRY(const auto format, format_of(base));
  if (format == Format::qcow2) {
    const auto check = system::run({.argv = {"qemu-img", "check", "-f", "qcow2", base}});
    if (!check) return check.error();
    if (check->status == 127) {
      return Error(ErrorKind::run, "qemu-img is not there", "install qemu-utils (EL: qemu-img)");
    }
    // 3: leaked clusters, which harm nobody who only reads.
    if (check->status != 0 && check->status != 3) {
      return Error(ErrorKind::input, fmt::format("'{}' is a damaged qcow2 image", base),
                   fmt::format("'qemu-img check {}' tells more", base));
    }
  }
  KONVOY_CHECK(
      system::run_checked({.argv = {"qemu-img", "convert", "-f", std::string(name_of(format)), "-O",
                                    "raw", base, raw}}));
  struct stat found {};
  if (::stat(raw.c_str(), &found) != 0) return Error(ErrorKind::run, "the copy is not there");
  if (static_cast<std::uint64_t>(found.st_size) >= least_size) return {};
  if (::truncate(raw.c_str(), static_cast<off_t>(least_size)) == 0) return {};
  return Error(ErrorKind::run, fmt::format("'{}' can't grow to {} bytes", raw, least_size));
}

base::Result<void> publish(const std::string& raw, const std::string& result, Format format) {
  auto finished = raw;
  if (format == Format::qcow2) {
    finished = raw + ".qcow2";
    KONVOY_CHECK(system::run_checked(
        {.argv = {"qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, finished}}));
    KONVOY_CHECK(system::remove_tree(raw));
  }
  if (std::rename(finished.c_str(), result.c_str()) == 0) return {};
  return Error(ErrorKind::run, fmt::format("'{}' can't be moved to '{}'", finished, result));
}

}  // namespace konvoy::disk
