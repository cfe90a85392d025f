#include "disk/file_systems.hpp"

#include <fmt/format.h>

#include "disk/logical_volumes.hpp"
#include "disk/loop_device.hpp"
#include "system/process.hpp"

namespace konvoy::disk {

base::Result<std::vector<Extent>> partitions_of(const std::string& raw) {
  KONVOY_TRY(const auto table, system::run_checked({.argv = {"sfdisk", "--json", raw}}));
  return parse_partitions(table);
}

base::Result<Signature> signature_of(const std::string& raw, const Extent& extent) {
  std::vector<std::string> argv = {"blkid", "--probe", "--output", "export"};
  if (extent.size > 0) {
    argv.push_back(fmt::format("--offset={}", extent.offset));
    argv.push_back(fmt::format("--size={}", extent.size));
  }
  argv.push_back(raw);
  KONVOY_TRY(const auto outcome, system::run({.argv = argv}));
  return parse_signature(outcome.out);  // status 2: nothing known there
}

base::Result<std::vector<FileSystem>> survey(const RawImage& image) {
  std::vector<Extent> extents;
  KONVOY_TRY(const auto table, system::run({.argv = {"sfdisk", "--json", image.path}}));
  if (table.ok()) {
    KONVOY_TRY(extents, parse_partitions(table.out));
  } else {
    extents.push_back({});
  }
  std::vector<FileSystem> found;
  for (const auto& extent : extents) {
    KONVOY_TRY(auto signature, signature_of(image.path, extent));
    if (signature.type != "LVM2_member") {
      found.push_back({extent, std::move(signature)});
      continue;
    }
    KONVOY_TRY(const auto volumes, logical_volumes(image, extent));
    for (const auto& volume : volumes) {
      KONVOY_TRY(auto inner, signature_of(image.path, volume));
      found.push_back({volume, std::move(inner)});
    }
  }
  return found;
}

base::Result<void> mount_extent(const RawImage& image, const FileSystem& file_system,
                                const std::string& directory, std::string_view more) {
  const auto& type = file_system.signature.type;
  auto options = "loop,nodev" + std::string(more);
  if (file_system.extent.size > 0) {
    options +=
        fmt::format(",offset={},sizelimit={}", file_system.extent.offset, file_system.extent.size);
  }
  // The copy has the UUID of its base, which the builder itself may have mounted.
  if (type == "xfs") options += ",nouuid";
  auto done =
      system::run_checked({.argv = {"mount", "-t", type, "-o", options, image.path, directory}});
  if (done) return {};
  auto error = std::move(done).error().with_note(
      fmt::format("while mounting the {} file system of '{}'", type, image.name));
  for (const auto& note : error.diagnostics.front().notes) {
    if (note.message.find("unknown filesystem type") != std::string::npos) {
      error.diagnostics.front().hint = fmt::format(
          "the kernel here has no {0}: 'modprobe {0}', or build on a machine that has it", type);
    }
    if (note.message.find("loop device") != std::string::npos) {
      error.diagnostics.front().hint = loop_hint;
    }
  }
  return error;
}

}  // namespace konvoy::disk
