#include "binary/build_info.hpp"

#include "base/text.hpp"

namespace konvoy::binary {
namespace {

constexpr Bytes magic("\xff Go buildinf:", 14);
constexpr std::size_t alignment = 16;
constexpr std::size_t header_size = 32;
constexpr std::uint64_t flag_big_endian = 1;
constexpr std::uint64_t flag_inline = 2;
// Real ones have a few kilobytes; large module graphs reach some hundred.
constexpr std::uint64_t longest_text = 16U << 20U;

// A Go string header {data, length} at `address`; unmapped means empty: before Go 1.18 the pointer
// may lead into bss.
Bytes go_string(const Elf& elf, std::uint64_t address, unsigned word, Endian endian) {
  Cursor in(elf.at(address), endian);
  const auto data = in.number(word);
  const auto length = in.number(word);
  if (!in.good() || length > longest_text) return {};
  const Bytes text = elf.at(data);
  return length <= text.size() ? text.substr(0, length) : Bytes();
}

// Module text stands between two marks of 16 bytes, so that it can be found in memory.
Bytes without_marks(Bytes text) {
  constexpr std::size_t mark = 16;
  if (text.size() < 2 * mark + 1 || text[text.size() - mark - 1] != '\n') return {};
  return text.substr(mark, text.size() - 2 * mark);
}

std::string unquote(std::string_view value) {
  if (value.size() < 2 || value.front() != value.back()) return std::string(value);
  if (value.front() == '`') return std::string(value.substr(1, value.size() - 2));
  if (value.front() != '"') return std::string(value);
  std::string out;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    out += value[i];
  }
  return out;
}

std::optional<BuildInfo> parse_at(const Elf& elf, Bytes bytes) {
  const auto word = load(bytes, magic.size(), 1, Endian::little);
  const auto flags = load(bytes, magic.size() + 1, 1, Endian::little);
  if (!word || !flags || bytes.size() < header_size) return std::nullopt;
  Bytes version;
  Bytes text;
  if ((*flags & flag_inline) != 0) {
    Cursor in(bytes.substr(header_size), elf.endian);
    version = in.take(in.uvarint());
    text = in.take(in.uvarint());
    if (!in.good()) text = {};
  } else {
    if (*word != 4 && *word != 8) return std::nullopt;
    const Endian endian = (*flags & flag_big_endian) != 0 ? Endian::big : Endian::little;
    const auto size = static_cast<unsigned>(*word);
    version = go_string(elf, load(bytes, 16, size, endian).value_or(0), size, endian);
    text = go_string(elf, load(bytes, 16 + *word, size, endian).value_or(0), size, endian);
  }
  if (version.empty() || text.size() > longest_text) return std::nullopt;
  return parse_module_text(std::string(version), without_marks(text));
}

std::optional<BuildInfo> search(const Elf& elf, const Range& range) {
  const Bytes bytes = slice(elf.bytes, range.offset, range.size);
  // The magic is aligned in memory, hence in the file: segments are mapped by whole pages.
  std::size_t at = (alignment - range.offset % alignment) % alignment;
  for (; at + header_size <= bytes.size(); at += alignment) {
    if (bytes[at] != magic[0] || bytes.compare(at, magic.size(), magic) != 0) continue;
    if (auto info = parse_at(elf, bytes.substr(at))) return info;
  }
  return std::nullopt;
}

}  // namespace

std::string BuildInfo::setting(const std::string& key) const {
  const auto found = settings.find(key);
  return found == settings.end() ? std::string() : found->second;
}

std::optional<BuildInfo> find_build_info(const Elf& elf) {
  if (const auto* section = elf.section(".go.buildinfo")) {
    if (auto info = search(elf, {section->offset, section->size})) return info;
  }
  for (const bool executable : {false, true}) {
    for (const auto& range : elf.ranges(executable)) {
      if (auto info = search(elf, range)) return info;
    }
  }
  return std::nullopt;
}

BuildInfo parse_module_text(std::string version, std::string_view text) {
  BuildInfo info{.version = std::move(version)};
  for (const auto& line : base::split_lines(text)) {
    const std::string_view view = line;
    if (view.starts_with("path\t")) info.path = view.substr(5);
    if (!view.starts_with("build\t")) continue;
    const auto setting = view.substr(6);
    const auto equals = setting.find('=');
    if (equals == std::string_view::npos) continue;
    info.settings[unquote(setting.substr(0, equals))] = unquote(setting.substr(equals + 1));
  }
  return info;
}

}  // namespace konvoy::binary
