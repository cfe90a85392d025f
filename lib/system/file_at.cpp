#include "system/file_at.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <vector>

#include "base/encoding.hpp"

namespace konvoy::system {
namespace {

constexpr const char* selinux_attribute = "security.selinux";

// Owner, mode and context of the new file: what is asked for, else those of the old one.
int dress(int fd, int directory, const std::string& name, const WriteOptions& options) {
  struct stat old {};
  const bool replaces =
      ::fstatat(directory, name.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(old.st_mode);
  const auto unchanged = static_cast<std::uint32_t>(-1);
  const std::uint32_t uid = options.uid.value_or(replaces ? old.st_uid : unchanged);
  const std::uint32_t gid = options.gid.value_or(replaces ? old.st_gid : unchanged);
  struct stat made {};
  if (::fstat(fd, &made) != 0) return errno;
  const bool same_owner =
      (uid == unchanged || uid == made.st_uid) && (gid == unchanged || gid == made.st_gid);
  if (!same_owner && ::fchown(fd, uid, gid) != 0) return errno;
  if (::fchmod(fd, options.mode.value_or(replaces ? old.st_mode & 07777U : 0644U)) != 0) {
    return errno;
  }
  if (replaces) {
    const Descriptor source(::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    std::array<char, 512> context{};
    const ssize_t length =
        source.open() ? ::fgetxattr(source.fd(), selinux_attribute, context.data(), context.size())
                      : -1;
    if (length > 0) {
      // Where the policy forbids it the new file keeps its directory's context.
      (void)::fsetxattr(fd, selinux_attribute, context.data(), static_cast<std::size_t>(length), 0);
    }
  }
  return 0;
}

int remove_entries(int directory, dev_t device);

int remove_entry(int directory, const char* name, dev_t device) {
  if (::unlinkat(directory, name, 0) == 0 || errno == ENOENT) return 0;
  const int unlink_error = errno;
  if (unlink_error != EISDIR && unlink_error != EPERM) return unlink_error;
  const Descriptor inner(
      ::openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!inner.open()) return unlink_error == EPERM && errno == ENOTDIR ? EPERM : errno;
  struct stat about {};
  if (::fstat(inner.fd(), &about) != 0) return errno;
  if (about.st_dev != device) return EXDEV;
  if (const int error = remove_entries(inner.fd(), device); error != 0) return error;
  return ::unlinkat(directory, name, AT_REMOVEDIR) == 0 ? 0 : errno;
}

int remove_entries(int directory, dev_t device) {
  const int copy = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return errno;
  DIR* stream = ::fdopendir(copy);
  if (stream == nullptr) {
    ::close(copy);
    return errno;
  }
  std::vector<std::string> names;  // collected first: removing while reading may skip entries
  while (const dirent* entry = ::readdir(stream)) names.emplace_back(entry->d_name);
  ::closedir(stream);
  for (const auto& name : names) {
    if (name == "." || name == "..") continue;
    if (const int error = remove_entry(directory, name.c_str(), device); error != 0) return error;
  }
  return 0;
}

// Temporary file, `fill`, owner and mode, fsync, rename; what is unfinished is removed.
int replace_with(int directory, const std::string& name, const WriteOptions& options,
                 const std::function<int(int)>& fill) {
  const std::string temporary = temporary_name();
  const Descriptor file(::openat(directory, temporary.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.open()) return errno;
  int error = fill(file.fd());
  if (error == 0) error = dress(file.fd(), directory, name, options);
  if (error == 0 && options.lasting && ::fsync(file.fd()) != 0) error = errno;
  if (error == 0 && ::renameat(directory, temporary.c_str(), directory, name.c_str()) != 0) {
    error = errno;
  }
  if (error != 0) {
    ::unlinkat(directory, temporary.c_str(), 0);
    return error;
  }
  if (!options.lasting) return 0;
  // An O_PATH descriptor cannot be synced; the directory itself can.
  const Descriptor opened(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.open()) (void)::fsync(opened.fd());
  return 0;
}

}  // namespace

Attempt<std::string> read_descriptor(int fd, std::uint64_t limit) {
  std::string bytes;
  std::array<char, 65536> buffer;
  while (bytes.size() < limit) {
    const auto want = std::min<std::uint64_t>(buffer.size(), limit - bytes.size());
    const ssize_t got = ::read(fd, buffer.data(), static_cast<std::size_t>(want));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {.error = errno};
    if (got == 0) break;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return {.value = std::move(bytes)};
}

int write_descriptor(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::string temporary_name() {
  std::array<char, 8> random{};
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    random.fill('\0');  // O_EXCL still refuses a name that is taken
  }
  return ".konvoy-" + base::to_hex({random.data(), random.size()});
}

int replace_at(int directory, const std::string& name, std::string_view bytes,
               const WriteOptions& options) {
  return replace_with(directory, name, options,
                      [&](int file) { return write_descriptor(file, bytes); });
}

int copy_at(int source, int directory, const std::string& name, const WriteOptions& options) {
  return replace_with(directory, name, options, [&](int file) {
    off_t offset = 0;
    std::array<char, 65536> buffer;
    while (true) {
      const ssize_t got = ::pread(source, buffer.data(), buffer.size(), offset);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return got == 0 ? 0 : errno;
      const int error = write_descriptor(file, {buffer.data(), static_cast<std::size_t>(got)});
      if (error != 0) return error;
      offset += got;
    }
  });
}

int remove_tree_at(int directory, const std::string& name) {
  struct stat about {};
  if (::fstatat(directory, name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? 0 : errno;
  }
  return remove_entry(directory, name.c_str(), about.st_dev);
}

}  // namespace konvoy::system
