#include "app/staging.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>

#include "disk/loop_device.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"
#include "system/file_at.hpp"

namespace konvoy::app {
namespace {

constexpr std::string_view prefix = ".konvoy-build-";
constexpr std::string_view disk_name = "konvoy-disk.raw";

system::Descriptor locked(const std::string& directory) {
  system::Descriptor open_directory(
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (open_directory.open() && ::flock(open_directory.fd(), LOCK_EX | LOCK_NB) != 0) {
    open_directory.close();
  }
  return open_directory;
}

// A program that a killed build left running may write there until it fails.
base::Result<void> remove_stale(const std::string& directory) {
  auto removed = system::remove_tree(directory);
  for (int tries = 0; !removed && tries < 50; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    removed = system::remove_tree(directory);
  }
  return removed;
}

// What builds that were killed left here. One that runs holds its lock.
base::Result<void> clear_stale(const std::string& parent) {
  std::error_code problem;
  std::vector<std::string> stale;
  for (const auto& entry : std::filesystem::directory_iterator(parent, problem)) {
    if (entry.path().filename().string().starts_with(prefix)) stale.push_back(entry.path());
  }
  if (stale.empty()) return {};
  KONVOY_CHECK(disk::detach_stale_loops(disk_name));
  for (const auto& directory : stale) {
    if (locked(directory).open()) KONVOY_CHECK(remove_stale(directory));
  }
  return {};
}

}  // namespace

base::Result<Staging> Staging::make(const std::string& parent) {
  KONVOY_CHECK(system::make_directories(parent));
  KONVOY_CHECK(clear_stale(parent));
  // Commands in the image and rpm --root know absolute paths only.
  std::error_code problem;
  const auto absolute = std::filesystem::absolute(parent, problem).lexically_normal().string();
  const auto path = fmt::format("{}/{}{}", absolute, prefix, system::temporary_name().substr(8));
  if (::mkdir(path.c_str(), 0700) != 0) {
    return system::system_error(base::ErrorKind::run, "make", path, errno);
  }
  auto lock = locked(path);
  if (!lock.open()) return system::system_error(base::ErrorKind::run, "lock", path, errno);
  return Staging(path, std::move(lock));
}

Staging::~Staging() {
  if (lock_.open()) (void)system::remove_tree(path_);
}

std::string Staging::disk() const {
  return fmt::format("{}/{}", path_, disk_name);
}

}  // namespace konvoy::app
