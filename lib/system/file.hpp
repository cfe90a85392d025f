// Files of the machine we run on, as a whole. Paths into an image go through RootedDirectory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::system {

/// More than any file that is read as a whole should have: 64 MiB.
inline constexpr std::uint64_t default_read_limit = 64U << 20U;

/// The bytes of a file. Error of kind input: not there, not readable, a directory, longer than
/// `limit` bytes.
[[nodiscard]] base::Result<std::string> read_file(const std::string& path,
                                                  std::uint64_t limit = default_read_limit);

/// The bytes of a file, or nothing when there is none.
[[nodiscard]] base::Result<std::optional<std::string>> read_file_if_there(
    const std::string& path, std::uint64_t limit = default_read_limit);

struct WriteOptions {
  std::optional<std::uint32_t> mode;  ///< empty: that of the file that is replaced, else 0644
  std::optional<std::uint32_t> uid;   ///< empty: that of the file that is replaced, else ours
  std::optional<std::uint32_t> gid;   ///< as uid
  bool lasting = true;  ///< false: no fsync; for what a power cut may take, since it is made anew
};

/// Replaces a file by temporary file, fsync and rename: a reader (or a crash) sees the old bytes or
/// the new ones. A symbolic link at `path` is replaced, not followed. Error of kind run.
[[nodiscard]] base::Result<void> write_file(const std::string& path, std::string_view bytes,
                                            const WriteOptions& options = {});

/// Whether something is there (a dangling link is).
[[nodiscard]] bool exists(const std::string& path);

/// Makes a directory and its missing parents with `mode` (before umask).
[[nodiscard]] base::Result<void> make_directories(const std::string& path,
                                                  std::uint32_t mode = 0755);

/// Removes a file or a whole tree without following links or leaving its file system.
[[nodiscard]] base::Result<void> remove_tree(const std::string& path);

/// Makes a directory that only we can read, below $TMPDIR or /tmp, and removes it at the end.
class TemporaryDirectory {
 public:
  /// `name` is the beginning of the directory's name.
  static base::Result<TemporaryDirectory> make(std::string_view name = "konvoy");
  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace konvoy::system
