#include "system/rooted_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace konvoy::system {
namespace {

constexpr const char* selinux_attribute = "security.selinux";

// For calls that want a path: it names the open file, whatever happens to the tree.
std::string path_of(int fd) {
  return fmt::format("/proc/self/fd/{}", fd);
}

int sync_directory(int directory) {
  const Descriptor opened(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.open() && ::fsync(opened.fd()) == 0 ? 0 : errno;
}

}  // namespace

Attempt<struct stat> stat_entry(const RootedDirectory& root, std::string_view path, bool follow) {
  const Opened entry = root.open_entry(path, O_PATH | (follow ? 0 : O_NOFOLLOW));
  if (!entry.ok()) return {.error = entry.error};
  struct stat about {};
  if (::fstat(entry.descriptor.fd(), &about) != 0) return {.error = errno};
  return {.value = about};
}

Attempt<std::string> read_link(const RootedDirectory& root, std::string_view path) {
  const Opened entry = root.open_entry(path, O_PATH | O_NOFOLLOW);
  if (!entry.ok()) return {.error = entry.error};
  std::array<char, PATH_MAX> target{};
  const ssize_t length = ::readlinkat(entry.descriptor.fd(), "", target.data(), target.size());
  if (length < 0) return {.error = errno};
  return {.value = std::string(target.data(), static_cast<std::size_t>(length))};
}

std::string selinux_context(const RootedDirectory& root, std::string_view path, bool follow) {
  const Opened entry = root.open_entry(path, O_PATH | (follow ? 0 : O_NOFOLLOW));
  if (!entry.ok()) return {};
  std::array<char, 512> context{};
  const ssize_t length = ::getxattr(path_of(entry.descriptor.fd()).c_str(), selinux_attribute,
                                    context.data(), context.size() - 1);
  return length > 0 ? std::string(context.data()) : std::string();
}

Opened open_regular(const RootedDirectory& root, std::string_view path) {
  // O_PATH first: opening a device or a pipe can have effects, and can block.
  const Opened entry = root.open_entry(path, O_PATH);
  if (!entry.ok()) return {.error = entry.error};
  struct stat about {};
  if (::fstat(entry.descriptor.fd(), &about) != 0) return {.error = errno};
  if (S_ISDIR(about.st_mode)) return {.error = EISDIR};
  if (!S_ISREG(about.st_mode)) return {.error = EINVAL};
  Descriptor file(::open(path_of(entry.descriptor.fd()).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return {.error = errno};
  return {.descriptor = std::move(file)};
}

Attempt<std::string> read_entry(const RootedDirectory& root, std::string_view path,
                                std::uint64_t offset, std::uint64_t limit) {
  const Opened file = open_regular(root, path);
  if (!file.ok()) return {.error = file.error};
  if (offset > 0 && ::lseek(file.descriptor.fd(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    return {.error = errno};
  }
  return read_descriptor(file.descriptor.fd(), limit);
}

Attempt<std::vector<std::string>> list_entries(const RootedDirectory& root, std::string_view path) {
  Opened opened = root.open_entry(path, O_RDONLY | O_DIRECTORY);
  if (!opened.ok()) return {.error = opened.error};
  DIR* stream = ::fdopendir(::fcntl(opened.descriptor.fd(), F_DUPFD_CLOEXEC, 0));
  if (stream == nullptr) return {.error = errno};
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream)) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
  ::closedir(stream);
  std::ranges::sort(names);
  return {.value = std::move(names)};
}

int write_entry(const RootedDirectory& root, std::string_view path, std::string_view bytes,
                const WriteOptions& options, bool follow_link) {
  const auto parent = follow_link ? root.parent_of_destination(path) : root.parent_of(path);
  if (!parent.directory.ok()) return parent.directory.error;
  return replace_at(parent.directory.descriptor.fd(), parent.name, bytes, options);
}

int overwrite_entry(const RootedDirectory& root, std::string_view path, std::string_view bytes) {
  const Opened entry = root.open_entry(path, O_PATH);
  if (!entry.ok()) return entry.error;
  struct stat about {};
  if (::fstat(entry.descriptor.fd(), &about) != 0) return errno;
  if (!S_ISREG(about.st_mode) || static_cast<std::uint64_t>(about.st_size) != bytes.size()) {
    return EINVAL;
  }
  const Descriptor file(::open(path_of(entry.descriptor.fd()).c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.open()) return errno;
  if (const int error = write_descriptor(file.fd(), bytes); error != 0) return error;
  return ::fsync(file.fd()) == 0 ? 0 : errno;
}

int remove_entry(const RootedDirectory& root, std::string_view path, bool recursive) {
  const auto parent = root.parent_of(path);
  const int error = parent.directory.error;
  if (!parent.directory.ok()) return error == ENOENT || error == ENOTDIR ? 0 : error;
  const int directory = parent.directory.descriptor.fd();
  if (recursive) return remove_tree_at(directory, parent.name);
  if (::unlinkat(directory, parent.name.c_str(), 0) == 0 || errno == ENOENT) return 0;
  if (errno != EISDIR && errno != EPERM) return errno;
  return ::unlinkat(directory, parent.name.c_str(), AT_REMOVEDIR) == 0 ? 0 : errno;
}

int make_directory(const RootedDirectory& root, std::string_view path) {
  for (std::size_t end = path.find_first_not_of('/'); end != std::string_view::npos;) {
    end = path.find('/', end);
    const std::string_view part = path.substr(0, end);
    const Opened there = root.open_entry(part, O_PATH | O_DIRECTORY);
    if (!there.ok()) {
      if (there.error != ENOENT) return there.error;
      const auto parent = root.parent_of(part);
      if (!parent.directory.ok()) return parent.directory.error;
      const int directory = parent.directory.descriptor.fd();
      if (::mkdirat(directory, parent.name.c_str(), 0755) != 0) return errno;
      // The mode is meant as it is, whatever our umask.
      if (::fchmodat(directory, parent.name.c_str(), 0755, 0) != 0) return errno;
    }
    end = path.find_first_not_of('/', end == std::string_view::npos ? path.size() : end);
  }
  return 0;
}

int make_link(const RootedDirectory& root, std::string_view path, const std::string& to) {
  const auto parent = root.parent_of(path);
  if (!parent.directory.ok()) return parent.directory.error;
  const int directory = parent.directory.descriptor.fd();
  const std::string temporary = temporary_name();
  if (::symlinkat(to.c_str(), directory, temporary.c_str()) != 0) return errno;
  if (::renameat(directory, temporary.c_str(), directory, parent.name.c_str()) != 0) {
    const int error = errno;
    ::unlinkat(directory, temporary.c_str(), 0);
    return error;
  }
  return sync_directory(directory);
}

int set_ownership(const RootedDirectory& root, std::string_view path,
                  const EntryOwnership& ownership) {
  const Opened entry = root.open_entry(path, O_PATH | O_NOFOLLOW);
  if (!entry.ok()) return entry.error;
  const int fd = entry.descriptor.fd();
  struct stat about {};
  if (::fstat(fd, &about) != 0) return errno;
  constexpr auto unchanged = static_cast<std::uint32_t>(-1);
  const std::uint32_t uid = ownership.uid.value_or(unchanged);
  const std::uint32_t gid = ownership.gid.value_or(unchanged);
  if ((uid != unchanged || gid != unchanged) && ::fchownat(fd, "", uid, gid, AT_EMPTY_PATH) != 0) {
    return errno;
  }
  if (S_ISLNK(about.st_mode)) return 0;
  const std::string name = path_of(fd);
  if (ownership.mode && ::chmod(name.c_str(), *ownership.mode) != 0) return errno;
  const std::string& context = ownership.selinux_context;
  if (!context.empty() &&
      ::setxattr(name.c_str(), selinux_attribute, context.c_str(), context.size() + 1, 0) != 0) {
    return errno;
  }
  return 0;
}

int rename_entry(const RootedDirectory& root, std::string_view from, std::string_view to) {
  const auto source = root.parent_of(from);
  if (!source.directory.ok()) return source.directory.error;
  const auto target = root.parent_of(to);
  if (!target.directory.ok()) return target.directory.error;
  const int directory = target.directory.descriptor.fd();
  if (::renameat(source.directory.descriptor.fd(), source.name.c_str(), directory,
                 target.name.c_str()) != 0) {
    return errno;
  }
  return sync_directory(directory);
}

}  // namespace konvoy::system
