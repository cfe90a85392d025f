// What openat2(RESOLVE_IN_ROOT) does, for kernels that lack it: each component is opened with
// O_NOFOLLOW relative to the directory before it, and links are resolved here.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <vector>

#include "base/text.hpp"
#include "system/rooted_directory.hpp"

namespace konvoy::system {
namespace {

constexpr int most_links = 40;  // MAXSYMLINKS of the kernel

// The directories from the root down to where the walk stands: ".." goes back by this list and
// never by the file system, so nothing that is moved meanwhile can take it above the root.
class Walk {
 public:
  Walk(int root, std::string_view path) : root_(root) {
    push(path);
    must_be_directory_ = path.ends_with('/') || path.ends_with("/.") || path == ".";
  }

  Opened run(int flags);

 private:
  // Puts the components of `path` before those that are left.
  void push(std::string_view path) {
    auto parts = base::split(path, '/');
    std::erase_if(parts, [](const std::string& part) { return part.empty() || part == "."; });
    rest_.insert(rest_.end(), parts.rbegin(), parts.rend());
  }
  [[nodiscard]] int here() const { return below_.empty() ? root_ : below_.back().fd(); }
  int follow(const Descriptor& link);
  [[nodiscard]] Opened finish(const std::string& name, int flags) const;

  int root_;
  std::vector<Descriptor> below_;
  std::vector<std::string> rest_;  // what is left, the next one last
  int links_ = 0;
  bool must_be_directory_ = false;
};

int Walk::follow(const Descriptor& link) {
  if (++links_ > most_links) return ELOOP;
  std::array<char, PATH_MAX> target{};
  const ssize_t length = ::readlinkat(link.fd(), "", target.data(), target.size());
  if (length < 0) return errno;
  if (length == 0) return ENOENT;
  const std::string_view to(target.data(), static_cast<std::size_t>(length));
  if (to.starts_with('/')) below_.clear();
  if (rest_.empty() && to.ends_with('/')) must_be_directory_ = true;
  push(to);
  return 0;
}

// O_NOFOLLOW: if a link has just taken the entry's place this fails and leads nowhere.
Opened Walk::finish(const std::string& name, int flags) const {
  if (must_be_directory_) flags |= O_DIRECTORY;
  Descriptor entry(::openat(here(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
  if (!entry.open()) return {.error = errno};
  return {.descriptor = std::move(entry)};
}

Opened Walk::run(int flags) {
  const bool follow_last = (flags & O_NOFOLLOW) == 0;
  while (!rest_.empty()) {
    const std::string name = std::move(rest_.back());
    rest_.pop_back();
    if (name == "..") {
      if (!below_.empty()) below_.pop_back();
      continue;
    }
    Descriptor entry(::openat(here(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!entry.open()) return {.error = errno};
    struct stat about {};
    if (::fstat(entry.fd(), &about) != 0) return {.error = errno};
    const bool last = rest_.empty();
    if (S_ISLNK(about.st_mode) && (!last || follow_last || must_be_directory_)) {
      if (const int error = follow(entry); error != 0) return {.error = error};
      continue;
    }
    if (last) return finish(name, flags);
    if (!S_ISDIR(about.st_mode)) return {.error = ENOTDIR};
    below_.push_back(std::move(entry));
  }
  return finish(".", flags);
}

}  // namespace

Opened walk_in_root(int root, std::string_view path, int flags) {
  return Walk(root, path).run(flags);
}

}  // namespace konvoy::system
