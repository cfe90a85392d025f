// Reading and replacing files through an open directory: shared by file.hpp and rooted_files.hpp.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "system/descriptor.hpp"
#include "system/file.hpp"

namespace konvoy::system {

/// A value, or the errno that took its place: what the rooted functions need to tell "not there"
/// from other reasons.
template <class T>
struct Attempt {
  std::optional<T> value;
  int error = 0;
  [[nodiscard]] bool ok() const { return value.has_value(); }
};

/// Up to `limit` bytes from the current position of `fd`.
[[nodiscard]] Attempt<std::string> read_descriptor(int fd, std::uint64_t limit);
/// Writes all bytes; 0 or an errno.
[[nodiscard]] int write_descriptor(int fd, std::string_view bytes);

/// A name for a temporary file that no one else guesses: ".konvoy-<16 hexadecimal digits>".
[[nodiscard]] std::string temporary_name();

/// Replaces `name` in `directory` with the bytes (see write_file()); 0 or an errno. When the old
/// file has an SELinux context the new one gets it.
[[nodiscard]] int replace_at(int directory, const std::string& name, std::string_view bytes,
                             const WriteOptions& options);

/// The same with the bytes of the open file `source`, from its start to its end.
[[nodiscard]] int copy_at(int source, int directory, const std::string& name,
                          const WriteOptions& options);

/// Removes `name` in `directory`, and what is below it on the same file system; 0 or an errno.
/// Nothing there is success.
[[nodiscard]] int remove_tree_at(int directory, const std::string& name);

}  // namespace konvoy::system
