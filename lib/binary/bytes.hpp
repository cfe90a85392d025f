// Looking at bytes that anyone may have written: nothing here reads past the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace konvoy::binary {

/// Bytes of a file; a view, often of a memory map.
using Bytes = std::string_view;

enum class Endian { little, big };

/// The unsigned number of `size` bytes (1, 2, 4 or 8) at `offset`, or nothing past the end.
[[nodiscard]] std::optional<std::uint64_t> load(Bytes bytes, std::uint64_t offset, unsigned size,
                                                Endian endian);

/// Up to `size` bytes from `offset`: fewer at the end, none past it.
[[nodiscard]] Bytes slice(Bytes bytes, std::uint64_t offset, std::uint64_t size);

/// The text at `offset` up to its NUL, or to the end, or to `limit` characters.
[[nodiscard]] Bytes c_string(Bytes bytes, std::uint64_t offset, std::size_t limit = 4096);

/// The offset of `needle` at or after `from`, or npos. Faster than string_view::find on large
/// haystacks.
[[nodiscard]] std::size_t find(Bytes haystack, Bytes needle, std::size_t from = 0);

/// Moves along bytes and remembers whether it ran over the end.
class Cursor {
 public:
  Cursor(Bytes bytes, Endian endian) : bytes_(bytes), endian_(endian) {}

  /// The next number of `size` bytes; 0 past the end.
  std::uint64_t number(unsigned size);
  /// Go's encoding/binary Uvarint: 7 bits a byte, low ones first.
  std::uint64_t uvarint();
  /// The next `size` bytes; none past the end.
  Bytes take(std::uint64_t size);
  void skip(std::uint64_t size) { (void)take(size); }

  /// False once anything was asked for that is not there.
  [[nodiscard]] bool good() const { return good_; }

 private:
  Bytes bytes_;
  Endian endian_;
  bool good_ = true;
};

}  // namespace konvoy::binary
