#include "system/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "system/errors.hpp"
#include "system/file_at.hpp"

namespace konvoy::system {
namespace {

using base::ErrorKind;
using base::Result;

struct Split {
  std::string directory;
  std::string name;
};

Split split_path(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

Result<std::optional<std::string>> read(const std::string& path, std::uint64_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
    return system_error(ErrorKind::input, "read", path, errno);
  }
  auto bytes = read_descriptor(file.fd(), limit + 1);
  if (!bytes.ok()) return system_error(ErrorKind::input, "read", path, bytes.error);
  if (bytes.value->size() > limit) {
    return base::Error{ErrorKind::input, fmt::format("'{}' is longer than {} bytes", path, limit)};
  }
  return std::move(bytes.value);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  KONVOY_TRY(auto bytes, read(path, limit));
  if (!bytes) return system_error(ErrorKind::input, "read", path, ENOENT);
  return *std::move(bytes);
}

Result<std::optional<std::string>> read_file_if_there(const std::string& path,
                                                      std::uint64_t limit) {
  return read(path, limit);
}

Result<void> write_file(const std::string& path, std::string_view bytes,
                        const WriteOptions& options) {
  const auto [directory, name] = split_path(path);
  const Descriptor opened(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const int error = opened.open() ? replace_at(opened.fd(), name, bytes, options) : errno;
  if (error != 0) return system_error(ErrorKind::run, "write", path, error);
  return {};
}

bool exists(const std::string& path) {
  struct stat about {};
  return ::lstat(path.c_str(), &about) == 0;
}

Result<void> make_directories(const std::string& path, std::uint32_t mode) {
  for (std::size_t end = path.find('/', 1); true; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (::mkdir(part.c_str(), mode) != 0) {
      int error = errno;
      struct stat about {};
      if (::stat(part.c_str(), &about) == 0) error = S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
      if (error != 0) return system_error(ErrorKind::run, "make directory", part, error);
    }
    if (end == std::string::npos) return {};
  }
}

Result<void> remove_tree(const std::string& path) {
  const auto [directory, name] = split_path(path);
  const Descriptor opened(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  int error = opened.open() ? remove_tree_at(opened.fd(), name) : errno;
  if (error == ENOENT) error = 0;
  if (error != 0) return system_error(ErrorKind::run, "remove", path, error);
  return {};
}

Result<TemporaryDirectory> TemporaryDirectory::make(std::string_view name) {
  const char* base_directory = std::getenv("TMPDIR");
  std::string path = fmt::format(
      "{}/{}-XXXXXX",
      base_directory != nullptr && *base_directory != '\0' ? base_directory : "/tmp", name);
  if (::mkdtemp(path.data()) == nullptr) {
    return system_error(ErrorKind::run, "make temporary directory", path, errno);
  }
  return TemporaryDirectory(std::move(path));
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryDirectory& TemporaryDirectory::operator=(TemporaryDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TemporaryDirectory::~TemporaryDirectory() {
  if (!path_.empty()) (void)remove_tree(path_);
}

}  // namespace konvoy::system
