#include "binary/bytes.hpp"

#include <algorithm>
#include <cstring>

namespace konvoy::binary {

std::optional<std::uint64_t> load(Bytes bytes, std::uint64_t offset, unsigned size, Endian endian) {
  if (offset > bytes.size() || bytes.size() - offset < size) return std::nullopt;
  std::uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) {
    const unsigned at = endian == Endian::big ? i : size - 1 - i;
    value = value << 8U | static_cast<unsigned char>(bytes[offset + at]);
  }
  return value;
}

Bytes slice(Bytes bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset >= bytes.size()) return {};
  return bytes.substr(offset, std::min<std::uint64_t>(size, bytes.size() - offset));
}

Bytes c_string(Bytes bytes, std::uint64_t offset, std::size_t limit) {
  const Bytes rest = slice(bytes, offset, limit);
  return rest.substr(0, std::min(rest.find('\0'), rest.size()));
}

std::size_t find(Bytes haystack, Bytes needle, std::size_t from) {
  if (from > haystack.size()) return Bytes::npos;
  const void* found =
      memmem(haystack.data() + from, haystack.size() - from, needle.data(), needle.size());
  if (found == nullptr) return Bytes::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - haystack.data());
}

std::uint64_t Cursor::number(unsigned size) {
  const auto value = load(bytes_, 0, size, endian_);
  good_ = good_ && value.has_value();
  bytes_.remove_prefix(value ? size : bytes_.size());
  return value.value_or(0);
}

std::uint64_t Cursor::uvarint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint64_t byte = number(1);
    value |= (byte & 0x7FU) << shift;
    if (byte < 0x80) return value;
  }
  good_ = false;
  return 0;
}

Bytes Cursor::take(std::uint64_t size) {
  if (size > bytes_.size()) {
    good_ = false;
    bytes_ = {};
    return {};
  }
  const Bytes taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

}  // namespace konvoy::binary
