// Paths inside a directory tree that nobody trusts: no link and no ".." in it leads out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "system/descriptor.hpp"

namespace konvoy::system {

/// A descriptor, or the errno that took its place.
struct Opened {
  Descriptor descriptor;
  int error = 0;
  [[nodiscard]] bool ok() const { return descriptor.open(); }
};

/// How links are resolved. Both give the same answers.
enum class Resolver {
  automatic,  ///< openat2 where the kernel has it (5.6), else the walk
  openat2,    ///< the kernel's RESOLVE_IN_ROOT
  walk,       ///< one component after the other with O_NOFOLLOW: for the kernels of EL7 and EL8
};

/// The root of a tree. Paths are looked up as a process would whose "/" it is: they may start with
/// "/" or not, links are followed, absolute ones from this root, and ".." does not leave it.
class RootedDirectory {
 public:
  /// Error of kind input: not there or no directory.
  static base::Result<RootedDirectory> open(const std::string& path,
                                            Resolver resolver = Resolver::automatic);

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Opens what is there with the flags of open(2), O_CLOEXEC added. With O_NOFOLLOW the last
  /// component is not followed. O_CREAT is not for here: new entries go through parent_of().
  [[nodiscard]] Opened open_entry(std::string_view path, int flags) const;

  /// The directory (O_PATH) that holds the last component, and that component: for what makes,
  /// renames or removes an entry. A path without a name ("/", "..") is EINVAL.
  struct Parent {
    Opened directory;
    std::string name;
  };
  [[nodiscard]] Parent parent_of(std::string_view path) const;

  /// As parent_of(), but where the entry is a link, of what it leads to in the end (which need not
  /// be there).
  [[nodiscard]] Parent parent_of_destination(std::string_view path) const;

 private:
  RootedDirectory(std::string path, Descriptor root, Resolver resolver)
      : path_(std::move(path)), root_(std::move(root)), resolver_(resolver) {}

  std::string path_;
  Descriptor root_;
  Resolver resolver_;
};

/// Opens `path` below the directory `root` by walking (Resolver::walk); see RootedDirectory.
[[nodiscard]] Opened walk_in_root(int root, std::string_view path, int flags);

}  // namespace konvoy::system
