#include "disk/logical_volumes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "disk/loop_device.hpp"
#include "system/process.hpp"

namespace konvoy::disk {
namespace {

using base::Error;
using base::ErrorKind;

// An lvm command that sees this device alone, never talks to the kernel's device mapper, and leaves
// nothing in the builder's own /etc/lvm.
base::Result<std::string> lvm(std::vector<std::string> argv, const std::string& device,
                              Access access) {
  const auto config =
      fmt::format(R"(devices {{ filter=["a|^{}$|","r|.*|"] use_devicesfile=0 hints="none" }} )"
                  "global {{ locking_type=0 activation=0 }} backup {{ backup=0 archive=0 }}",
                  device);
  argv.insert(argv.begin() + 1, {"--config", config, "--driverloaded", "n"});
  if (access == Access::read_only) argv.emplace_back("--readonly");
  return system::run_checked({.argv = std::move(argv)});
}

base::Result<void> require_lvm() {
  if (system::find_program("lvs")) return {};
  return Error(ErrorKind::run, "the image holds logical volumes, and there is no lvs here",
               "install lvm2");
}

base::Result<std::vector<Extent>> volumes_on(const RawImage& image, const Extent& where,
                                             const std::string& device) {
  KONVOY_TRY(const auto sizes, lvm({"pvs", "--noheadings", "--units", "b", "--nosuffix", "-o",
                                    "pe_start,vg_extent_size", device},
                                   device, Access::read_only));
  const auto numbers = base::split_words(sizes);
  if (numbers.size() != 2) {
    return Error(ErrorKind::input,
                 fmt::format("'{}' has a physical volume without a group", image.name));
  }
  const PhysicalVolume volume{.offset = where.offset,
                              .data_start = std::strtoull(numbers[0].c_str(), nullptr, 10),
                              .extent_size = std::strtoull(numbers[1].c_str(), nullptr, 10)};
  // lvs takes no device: the filter leaves it this one.
  KONVOY_TRY(const auto report,
             lvm({"lvs", "--segments", "--reportformat", "json", "--units", "b", "--nosuffix", "-o",
                  "vg_name,lv_name,seg_size,segtype,seg_pe_ranges"},
                 device, Access::read_only));
  return parse_logical_volumes(report, volume);
}

}  // namespace

base::Result<std::vector<Extent>> logical_volumes(const RawImage& image, const Extent& where) {
  KONVOY_CHECK(require_lvm());
  KONVOY_TRY(const auto loop, LoopDevice::attach(image.path, where, Access::read_only));
  return volumes_on(image, where, loop.path());
}

base::Result<Extent> grow_last_volume(const RawImage& image, const Extent& where) {
  KONVOY_CHECK(require_lvm());
  KONVOY_TRY(const auto loop, LoopDevice::attach(image.path, where, Access::read_write));
  KONVOY_CHECK(lvm({"pvresize", loop.path()}, loop.path(), Access::read_write));
  const auto last_of = [&]() -> base::Result<Extent> {
    KONVOY_TRY(const auto volumes, volumes_on(image, where, loop.path()));
    const auto last = std::ranges::max_element(volumes, {}, &Extent::offset);
    if (last != volumes.end()) return *last;
    return Error(ErrorKind::input,
                 fmt::format("no logical volume of '{}' is linear, none can grow", image.name));
  };
  KONVOY_TRY(const auto last, last_of());
  KONVOY_CHECK(lvm({"lvextend", "-l", "+100%FREE", last.device}, loop.path(), Access::read_write));
  return last_of();
}

}  // namespace konvoy::disk
