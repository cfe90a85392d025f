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
constexpr std::size_t qcow2_header = 80;  // up to and with the incompatible features
constexpr std::size_t version_at = 4;
constexpr std::size_t backing_file_offset_at = 8;
constexpr std::size_t incompatible_features_at = 72;
constexpr std::uint64_t external_data_file = 1U << 2U;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

base::Result<void> check_stands_alone(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string header(qcow2_header, '\0');
  file.read(header.data(), static_cast<std::streamsize>(header.size()));
  const std::string_view bytes(header);
  const bool version_2 = big_endian(bytes.substr(version_at, 4)) < 3;
  const auto features =
      version_2 ? 0 : big_endian(bytes.substr(incompatible_features_at, sizeof(std::uint64_t)));
  const bool alone = big_endian(bytes.substr(backing_file_offset_at, sizeof(std::uint64_t))) == 0 &&
                     (features & external_data_file) == 0;
  if (alone) return {};
  return Error(ErrorKind::input, fmt::format("'{}' takes its data from another file", path),
               fmt::format("make it one file: 'qemu-img convert -O qcow2 {} NEW'", path));
}

base::Result<void> check_qcow2(const std::string& path) {
  KONVOY_CHECK(check_stands_alone(path));
  const auto check = system::run({.argv = {"qemu-img", "check", "-f", "qcow2", path}});
  if (!check) return check.error();
  if (check->status == 127) {
    return Error(ErrorKind::run, "qemu-img is not there", "install qemu-utils (EL: qemu-img)");
  }
  // 3: leaked clusters, which harm nobody who only reads.
  if (check->status == 0 || check->status == 3) return {};
  return Error(ErrorKind::input, fmt::format("'{}' is a damaged qcow2 image", path),
               fmt::format("'qemu-img check {}' tells more", path));
}

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
  if (format == Format::qcow2) KONVOY_CHECK(check_qcow2(base));
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
