#include "system/rooted_directory.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>

#include "system/errors.hpp"

namespace konvoy::system {
namespace {

constexpr int most_links = 40;  // MAXSYMLINKS of the kernel

Opened open_in_root(int root, std::string_view path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(static_cast<unsigned>(flags | O_CLOEXEC));
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const std::string text = path.empty() ? "." : std::string(path);
  // EAGAIN: something was renamed while the kernel looked at a "..".
  for (int attempt = 0; attempt < 100; ++attempt) {
    const long fd = ::syscall(SYS_openat2, root, text.c_str(), &how, sizeof(how));
    if (fd >= 0) return {.descriptor = Descriptor(static_cast<int>(fd))};
    if (errno != EAGAIN && errno != EINTR) break;
  }
  return {.error = errno};
}

bool kernel_has_openat2() {
  static const bool has = [] {
    const Opened probe = open_in_root(AT_FDCWD, ".", O_PATH | O_DIRECTORY);
    return probe.ok();
  }();
  return has;
}

std::string_view without_trailing_slashes(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

}  // namespace

base::Result<RootedDirectory> RootedDirectory::open(const std::string& path, Resolver resolver) {
  Descriptor root(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root.open()) {
    return system_error(base::ErrorKind::input, "open the image root", path, errno);
  }
  if (resolver == Resolver::automatic) {
    resolver = kernel_has_openat2() ? Resolver::openat2 : Resolver::walk;
  }
  return RootedDirectory(path, std::move(root), resolver);
}

Opened RootedDirectory::open_entry(std::string_view path, int flags) const {
  if (path.size() >= PATH_MAX) return {.error = ENAMETOOLONG};
  if (path.find('\0') != std::string_view::npos) return {.error = EINVAL};
  return resolver_ == Resolver::openat2 ? open_in_root(root_.fd(), path, flags)
                                        : walk_in_root(root_.fd(), path, flags);
}

RootedDirectory::Parent RootedDirectory::parent_of(std::string_view path) const {
  path = without_trailing_slashes(path);
  const auto slash = path.rfind('/');
  const std::string_view name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  if (name.empty() || name == "." || name == "..") return {.directory = {.error = EINVAL}};
  const std::string_view parent = slash == std::string_view::npos ? "" : path.substr(0, slash);
  return {.directory = open_entry(parent, O_PATH | O_DIRECTORY), .name = std::string(name)};
}

RootedDirectory::Parent RootedDirectory::parent_of_destination(std::string_view path) const {
  std::string current(without_trailing_slashes(path));
  for (int links = 0; links <= most_links; ++links) {
    Parent parent = parent_of(current);
    if (!parent.directory.ok()) return parent;
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlinkat(parent.directory.descriptor.fd(), parent.name.c_str(),
                                        target.data(), target.size());
    if (length < 0) return parent;  // no link, or not there yet
    const std::string to(target.data(), static_cast<std::size_t>(length));
    const auto slash = current.rfind('/');
    const std::string directory = slash == std::string::npos ? "" : current.substr(0, slash + 1);
    current = to.starts_with('/') ? to : directory + to;
  }
  return {.directory = {.error = ELOOP}};
}

}  // namespace konvoy::system
