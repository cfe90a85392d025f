#include "boot/cpio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace konvoy::boot {
namespace {

constexpr std::size_t header_size = 110;
constexpr std::size_t magic_size = 6;
constexpr std::size_t field_digits = 8;
// Places of the fields that count (c_mode, c_filesize, c_namesize).
constexpr std::size_t mode_field = 1;
constexpr std::size_t file_size_field = 6;
constexpr std::size_t name_size_field = 11;

base::Error broken(std::size_t offset, std::string_view why) {
  return {base::ErrorKind::input,
          fmt::format("the cpio archive is damaged at byte {}: {}", offset, why)};
}

std::optional<std::uint32_t> field(std::string_view header, std::size_t index) {
  const auto digits = header.substr(magic_size + index * field_digits, field_digits);
  std::uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

std::string_view bare_name(std::string_view name) {
  if (name.starts_with("./")) name.remove_prefix(2);
  while (name.starts_with('/')) name.remove_prefix(1);
  return name;
}

/// A file's entry and the offset of the next header.
struct Item {
  CpioEntry entry;
  std::size_t next = 0;
};

base::Result<Item> read_item(std::string_view bytes, std::size_t at) {
  const auto header = bytes.substr(at, header_size);
  if (header.size() < header_size || !is_cpio(header)) return broken(at, "no header is there");
  const auto mode = field(header, mode_field);
  const auto file_size = field(header, file_size_field);
  const auto name_size = field(header, name_size_field);
  if (!mode || !file_size || !name_size || *name_size == 0) {
    return broken(at, "the header has a field that is no number");
  }
  const std::size_t name_end = at + header_size + *name_size;
  const std::size_t content = padded(name_end);
  if (name_end > bytes.size() || content > bytes.size() || *file_size > bytes.size() - content) {
    return broken(at, "a file goes on behind the end");
  }
  Item item;
  item.entry.name = bare_name(bytes.substr(at + header_size, *name_size - 1));
  item.entry.mode = *mode;
  item.entry.content = bytes.substr(content, *file_size);
  // The padding of the very last file may be cut off.
  item.next = std::min(padded(content + *file_size), bytes.size());
  return item;
}

}  // namespace

bool is_cpio(std::string_view bytes) {
  return bytes.starts_with("070701") || bytes.starts_with("070702");
}

base::Result<std::size_t> read_cpio(std::string_view bytes,
                                    const std::function<void(const CpioEntry&)>& visit) {
  std::size_t at = 0;
  while (true) {
    KONVOY_TRY(const Item item, read_item(bytes, at));
    at = item.next;
    if (item.entry.name == "TRAILER!!!") return at;
    visit(item.entry);
  }
}

}  // namespace konvoy::boot
