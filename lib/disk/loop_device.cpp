#include "disk/loop_device.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include "base/text.hpp"
#include "system/descriptor.hpp"
#include "system/process.hpp"

namespace konvoy::disk {

base::Result<LoopDevice> LoopDevice::attach(const std::string& raw, const Extent& where,
                                            Access access) {
  std::vector<std::string> argv = {"losetup", "--find", "--show",
                                   fmt::format("--offset={}", where.offset)};
  if (where.size > 0) argv.push_back(fmt::format("--sizelimit={}", where.size));
  if (access == Access::read_only) argv.emplace_back("--read-only");
  argv.push_back(raw);
  auto name = system::run_checked({.argv = std::move(argv)});
  if (name) return LoopDevice(std::string(base::trim(*name)));
  auto error = std::move(name).error();
  error.diagnostics.front().message = "no loop device could be set up";
  error.diagnostics.front().hint = loop_hint;
  return error;
}

LoopDevice::LoopDevice(LoopDevice&& other) noexcept : path_(std::move(other.path_)) {
  other.path_.clear();
}

LoopDevice::~LoopDevice() {
  if (!path_.empty()) (void)system::run({.argv = {"losetup", "--detach", path_}});
}

base::Result<int> detach_stale_loops(std::string_view name_prefix) {
  KONVOY_TRY(const auto list, system::run({.argv = {"losetup", "--list", "--noheadings", "--raw",
                                                    "--output", "NAME,BACK-FILE"}}));
  int detached = 0;
  for (const auto& line : base::split_lines(list.out)) {
    const auto blank = line.find(' ');
    if (blank == std::string::npos) continue;
    const auto device = line.substr(0, blank);
    auto file = line.substr(blank + 1);
    const bool deleted = file.ends_with(" (deleted)");
    if (deleted) file.resize(file.size() - std::string_view(" (deleted)").size());
    if (!file.substr(file.rfind('/') + 1).starts_with(name_prefix)) continue;
    const system::Descriptor open_file(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    const bool in_use = open_file.open() && ::flock(open_file.fd(), LOCK_EX | LOCK_NB) != 0;
    if (in_use) continue;
    KONVOY_CHECK(system::run_checked({.argv = {"losetup", "--detach", device}}));
    ++detached;
  }
  return detached;
}

}  // namespace konvoy::disk
