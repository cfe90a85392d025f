#include "system/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "system/errors.hpp"
#include "system/file_at.hpp"

namespace konvoy::system {
namespace {

base::Result<Descriptor> open_lock(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.open()) return system_error(base::ErrorKind::run, "open", path, errno);
  return file;
}

}  // namespace

base::Result<std::optional<FileLock>> FileLock::try_lock(const std::string& path,
                                                         const std::string& note) {
  KONVOY_TRY(auto file, open_lock(path));
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::optional<FileLock>();
    return system_error(base::ErrorKind::run, "lock", path, errno);
  }
  const bool truncated = ::ftruncate(file.fd(), 0) == 0;
  const int error = truncated ? write_descriptor(file.fd(), note) : errno;
  if (error != 0) return system_error(base::ErrorKind::run, "write", path, error);
  return std::optional<FileLock>(FileLock(std::move(file)));
}

base::Result<FileLock> FileLock::lock(const std::string& path) {
  KONVOY_TRY(auto file, open_lock(path));
  while (::flock(file.fd(), LOCK_EX) != 0) {
    if (errno != EINTR) return system_error(base::ErrorKind::run, "lock", path, errno);
  }
  return FileLock(std::move(file));
}

}  // namespace konvoy::system
