// What can be read and changed in a tree through a RootedDirectory. Functions that change give 0 or
// an errno, for the caller to put into its own sentence (describe_errno()).
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "system/file_at.hpp"
#include "system/rooted_directory.hpp"

namespace konvoy::system {

/// lstat(), or stat() with `follow`.
[[nodiscard]] Attempt<struct stat> stat_entry(const RootedDirectory& root, std::string_view path,
                                              bool follow);
/// Where a link leads, as it is written.
[[nodiscard]] Attempt<std::string> read_link(const RootedDirectory& root, std::string_view path);
/// The SELinux context of an entry (`follow` as for stat_entry()); empty where there is none.
[[nodiscard]] std::string selinux_context(const RootedDirectory& root, std::string_view path,
                                          bool follow);
/// Opens a regular file for reading and refuses everything else (EISDIR, EINVAL) without blocking.
[[nodiscard]] Opened open_regular(const RootedDirectory& root, std::string_view path);
/// `limit` bytes of a regular file from `offset` on.
[[nodiscard]] Attempt<std::string> read_entry(const RootedDirectory& root, std::string_view path,
                                              std::uint64_t offset, std::uint64_t limit);
/// The names in a directory, sorted.
[[nodiscard]] Attempt<std::vector<std::string>> list_entries(const RootedDirectory& root,
                                                             std::string_view path);

/// Owner, group, mode and context; what is empty stays.
struct EntryOwnership {
  std::optional<std::uint32_t> mode;
  std::optional<std::uint32_t> uid;
  std::optional<std::uint32_t> gid;
  std::string selinux_context;
};

/// Replaces a file as a whole (write_file()); with `follow_link` what a link leads to.
[[nodiscard]] int write_entry(const RootedDirectory& root, std::string_view path,
                              std::string_view bytes, const WriteOptions& options,
                              bool follow_link);
/// Writes over the bytes of a file of the same size, with fsync; EINVAL for another size.
[[nodiscard]] int overwrite_entry(const RootedDirectory& root, std::string_view path,
                                  std::string_view bytes);
[[nodiscard]] int remove_entry(const RootedDirectory& root, std::string_view path, bool recursive);
/// Makes a directory and its missing parents (0755).
[[nodiscard]] int make_directory(const RootedDirectory& root, std::string_view path);
/// Puts a symbolic link, by rename over what is no directory.
[[nodiscard]] int make_link(const RootedDirectory& root, std::string_view path,
                            const std::string& to);
/// Changes an entry; a link itself gets owner and group only.
[[nodiscard]] int set_ownership(const RootedDirectory& root, std::string_view path,
                                const EntryOwnership& ownership);
[[nodiscard]] int rename_entry(const RootedDirectory& root, std::string_view from,
                               std::string_view to);

}  // namespace konvoy::system
