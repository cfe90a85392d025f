// A loop device over part of an image file.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "disk/layout.hpp"

namespace konvoy::disk {

/// What to do where there are none.
inline constexpr auto loop_hint =
    "disk images need them: 'modprobe loop'; a container must be given /dev/loop-control and "
    "/dev/loop*";

enum class Access { read_only, read_write };

/// Attached while it lives. A process that is killed leaves it behind: see detach_stale_loops().
class LoopDevice {
 public:
  /// Error of kind run: no loop device is free, or this kernel or container has none.
  static base::Result<LoopDevice> attach(const std::string& raw, const Extent& where,
                                         Access access);
  LoopDevice(LoopDevice&& other) noexcept;
  LoopDevice& operator=(LoopDevice&&) = delete;
  LoopDevice(const LoopDevice&) = delete;
  LoopDevice& operator=(const LoopDevice&) = delete;
  ~LoopDevice();

  /// "/dev/loop3"
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit LoopDevice(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// Detaches loop devices whose image file is called like `name_prefix`... and is in nobody's hands:
/// whoever builds keeps an flock() on the file. Gives how many there were.
[[nodiscard]] base::Result<int> detach_stale_loops(std::string_view name_prefix);

}  // namespace konvoy::disk
