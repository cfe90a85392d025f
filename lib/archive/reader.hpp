// Reading archives entry by entry: tar and cpio, also inside an rpm; gzip, bzip2, xz, zstd, lz4.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace konvoy::archive {

enum class EntryKind { file, directory, symbolic_link, hard_link, special };

struct Entry {
  std::string path;  ///< normalized (archive/path.hpp), not yet known to be safe
  EntryKind kind = EntryKind::file;
  std::uint64_t size = 0;   ///< bytes of a file, as its header says
  std::uint32_t mode = 0;   ///< 07777
  std::int64_t mtime = 0;   ///< seconds since 1970
  std::string link_target;  ///< of a link; of a hard link a path in the archive
  bool operator==(const Entry&) const = default;
};

/// One pass over an archive. What it holds is not trusted: names may be hostile, sizes wrong.
/// Errors: the file cannot be opened or is no archive, kind input.
class Reader {
 public:
  static base::Result<Reader> open(const std::string& path);
  /// Reads from the descriptor's position and does not close it; `name` is for messages.
  static base::Result<Reader> open_descriptor(int descriptor, std::string name);

  /// Views `bytes`, which must outlive the reader.
  static base::Result<Reader> open_bytes(std::string_view bytes, std::string name);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  /// The next entry, or nothing at the end.
  base::Result<std::optional<Entry>> next();
  /// The next piece of the current file's content, valid until the next call; empty at its end.
  base::Result<std::string_view> read();
  /// The current file's whole content; more than `limit` bytes is an error.
  base::Result<std::string> read_all(std::uint64_t limit);

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

/// Whether `start`, the first bytes of a file (512 are enough), looks like something a Reader
/// opens.
[[nodiscard]] bool looks_like_archive(std::string_view start);

/// All entries in the archive's order.
[[nodiscard]] base::Result<std::vector<Entry>> list(const std::string& path);

}  // namespace konvoy::archive
