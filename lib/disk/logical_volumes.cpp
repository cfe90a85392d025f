#include "disk/logical_volumes.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.hpp"
#include "disk/loop_device.hpp"
#include "system/process.hpp"

namespace konvoy::disk {
namespace {

using base::Error;
using base::ErrorKind;

// An lvm command that sees this device alone and never talks to the kernel's device mapper.
base::Result<std::string> lvm(std::vector<std::string> argv, const std::string& device) {
  const auto config = fmt::format(
      R"(devices {{ filter=["a|^{}$|","r|.*|"] use_devicesfile=0 }} global {{ locking_type=0 activation=0 }})",
      device);
  argv.insert(argv.begin() + 1, {"--config", config, "--driverloaded", "n", "--readonly"});
  return system::run_checked({.argv = std::move(argv)});
}

}  // namespace

base::Result<std::vector<Extent>> logical_volumes(const std::string& raw, const Extent& where) {
  if (!system::find_program("lvs")) {
    return Error(ErrorKind::run, "the image holds logical volumes, and there is no lvs here",
                 "install lvm2");
  }
  KONVOY_TRY(const auto loop, LoopDevice::attach(raw, where, Access::read_only));
  KONVOY_TRY(const auto sizes, lvm({"pvs", "--noheadings", "--units", "b", "--nosuffix", "-o",
                                    "pe_start,vg_extent_size", loop.path()},
                                   loop.path()));
  const auto numbers = base::split_words(sizes);
  if (numbers.size() != 2) {
    return Error(ErrorKind::input, fmt::format("'{}' has a physical volume without a group", raw));
  }
  const PhysicalVolume volume{.offset = where.offset,
                              .data_start = std::strtoull(numbers[0].c_str(), nullptr, 10),
                              .extent_size = std::strtoull(numbers[1].c_str(), nullptr, 10)};
  KONVOY_TRY(const auto report,
             lvm({"lvs", "--segments", "--reportformat", "json", "--units", "b", "--nosuffix", "-o",
                  "vg_name,lv_name,seg_size,segtype,seg_pe_ranges"},
                 loop.path()));
  return parse_logical_volumes(report, volume);
}

}  // namespace konvoy::disk
