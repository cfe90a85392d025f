// A file's bytes in memory without reading them first.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::system {

/// A read-only view of a regular file, for files too large to copy. The pages stay the kernel's and
/// can be dropped again, so memory is bounded. A file that is cut short by another process while it
/// is mapped ends this one (SIGBUS): only for files that nobody is writing.
class MappedFile {
 public:
  /// Maps the file open as `descriptor`, which may be closed afterwards; `name` is for messages.
  /// Error of kind input: no regular file, not readable.
  static base::Result<MappedFile> map(int descriptor, std::string_view name);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes_;
};

}  // namespace konvoy::system
