// GRUB's environment block: a file of fixed size that GRUB itself reads and writes block by block.
//
// Format (GRUB, grub-core/lib/envblk.c): the line "# GRUB Environment Block", lines "name=value"
// where a backslash takes away the meaning of a following backslash or newline, then '#' up to the
// end. The file never grows or shrinks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace konvoy::boot {

/// The size that grub2-editenv gives a new block.
inline constexpr std::size_t grubenv_size = 1024;

class Grubenv {
 public:
  /// The block in `bytes`. `path` is named in errors (of kind input): no signature, no filler
  /// behind the last line, a value without an end.
  static base::Result<Grubenv> parse(std::string_view bytes, std::string_view path);
  /// A block of grubenv_size bytes that holds nothing.
  static Grubenv empty();

  /// The first value of `name`, unescaped; nothing when it is not set.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
  /// All that is set, in the order of the file.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> entries() const;

  /// Sets `name` where it stands, or behind the last one. An Error of kind input when the block is
  /// too small; the block is then as it was.
  base::Result<void> set(std::string_view name, std::string_view value);
  void remove(std::string_view name);

  /// The whole block, as long as what was parsed.
  [[nodiscard]] std::string render() const;
  /// Bytes that are left for names and values.
  [[nodiscard]] std::size_t free_bytes() const { return size_ - body_.size(); }

 private:
  Grubenv(std::string path, std::size_t size, std::string body)
      : path_(std::move(path)), size_(size), body_(std::move(body)) {}

  std::string path_;
  std::size_t size_;
  std::string body_;  ///< signature and lines, without the filler
};

}  // namespace konvoy::boot
