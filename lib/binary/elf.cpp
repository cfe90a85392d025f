#include "binary/elf.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace konvoy::binary {
namespace {

// <elf.h> would do, but its structures invite reading them in place, without bounds.
constexpr std::uint16_t type_executable = 2;
constexpr std::uint16_t type_shared = 3;
constexpr std::uint64_t program_load = 1;
constexpr std::uint64_t program_dynamic = 2;
constexpr std::uint64_t program_interpreter = 3;
constexpr std::uint64_t flag_execute = 1;
constexpr std::uint64_t section_without_bytes = 8;  // SHT_NOBITS
constexpr std::uint64_t dynamic_flags_1 = 0x6ffffffb;
constexpr std::uint64_t dynamic_flag_pie = 0x08000000;

// Linkers write about ten; a hostile file may hold 65,535 that all map the whole file.
constexpr std::size_t most_segments = 128;

struct Table {
  std::uint64_t offset = 0;
  std::uint64_t entry_size = 0;
  std::uint64_t count = 0;
};

struct Tables {
  Table programs;
  Table sections;
  std::uint64_t names = 0;  // index of the section that holds the section names
};

// What the program headers say beyond the segments.
struct Dynamics {
  bool interpreter = false;
  bool pie_flag = false;
  bool dynamic = false;
};

Tables read_header(Elf& elf, std::uint16_t& type) {
  Cursor in(slice(elf.bytes, 16, 64), elf.endian);
  type = static_cast<std::uint16_t>(in.number(2));
  elf.machine = static_cast<std::uint16_t>(in.number(2));
  in.skip(4);         // version
  in.skip(elf.word);  // entry point
  Tables tables;
  tables.programs.offset = in.number(elf.word);
  tables.sections.offset = in.number(elf.word);
  in.skip(4 + 2);  // flags, size of this header
  tables.programs.entry_size = in.number(2);
  tables.programs.count = in.number(2);
  tables.sections.entry_size = in.number(2);
  tables.sections.count = in.number(2);
  tables.names = in.number(2);
  return in.good() ? tables : Tables{};
}

// Whether the dynamic section sets DF_1_PIE, which tells a static PIE from a shared library.
bool has_pie_flag(const Elf& elf, Bytes dynamic) {
  Cursor in(dynamic, elf.endian);
  while (in.good()) {
    const auto tag = in.number(elf.word);
    const auto value = in.number(elf.word);
    if (tag == 0) return false;
    if (tag == dynamic_flags_1) return (value & dynamic_flag_pie) != 0;
  }
  return false;
}

Dynamics read_programs(Elf& elf, const Table& table) {
  Dynamics dynamics;
  const bool wide = elf.word == 8;
  for (std::uint64_t i = 0; i < table.count; ++i) {
    Cursor in(slice(elf.bytes, table.offset + i * table.entry_size, table.entry_size), elf.endian);
    const auto type = in.number(4);
    std::uint64_t flags = wide ? in.number(4) : 0;
    Segment segment;
    segment.offset = in.number(elf.word);
    segment.address = in.number(elf.word);
    in.skip(elf.word);  // physical address
    segment.size = in.number(elf.word);
    in.skip(elf.word);  // size in memory
    if (!wide) flags = in.number(4);
    if (!in.good()) break;
    segment.executable = (flags & flag_execute) != 0;
    const Bytes content = slice(elf.bytes, segment.offset, segment.size);
    segment.size = content.size();
    if (type == program_interpreter) dynamics.interpreter = true;
    if (type == program_dynamic) {
      dynamics.dynamic = true;
      dynamics.pie_flag = has_pie_flag(elf, content);
    }
    if (type == program_load && !content.empty() && elf.segments.size() < most_segments) {
      elf.segments.push_back(segment);
    }
  }
  return dynamics;
}

void read_sections(Elf& elf, const Tables& tables) {
  const bool wide = elf.word == 8;
  std::vector<std::uint64_t> names;
  for (std::uint64_t i = 0; i < tables.sections.count; ++i) {
    Cursor in(slice(elf.bytes, tables.sections.offset + i * tables.sections.entry_size,
                    tables.sections.entry_size),
              elf.endian);
    const auto name = in.number(4);
    const auto type = in.number(4);
    in.skip(wide ? 8 : 4);  // flags
    Section section;
    section.address = in.number(elf.word);
    section.offset = in.number(elf.word);
    section.size = type == section_without_bytes ? 0 : in.number(elf.word);
    if (!in.good()) break;
    names.push_back(name);
    elf.sections.push_back(section);
  }
  if (tables.names >= elf.sections.size()) return;
  const Bytes text = elf.content(elf.sections[tables.names]);
  for (std::size_t i = 0; i < names.size(); ++i) {
    elf.sections[i].name = c_string(text, names[i], 64);
  }
}

Linking linking_of(std::uint16_t type, const Dynamics& dynamics) {
  if (type == type_executable) return dynamics.interpreter ? Linking::dynamic : Linking::fixed;
  if (type != type_shared) return Linking::none;
  if (dynamics.interpreter) return Linking::pie;
  return dynamics.pie_flag ? Linking::static_pie : Linking::shared;
}

}  // namespace

std::string_view name_of(Linking linking) {
  switch (linking) {
    case Linking::none: return "none";
    case Linking::fixed: return "static";
    case Linking::dynamic: return "dynamic";
    case Linking::pie: return "pie";
    case Linking::static_pie: return "static-pie";
    case Linking::shared: return "shared";
  }
  return "none";
}

Bytes Elf::at(std::uint64_t address) const {
  for (const auto& segment : segments) {
    if (address >= segment.address && address - segment.address < segment.size) {
      const auto into = address - segment.address;
      return slice(bytes, segment.offset + into, segment.size - into);
    }
  }
  return {};
}

const Section* Elf::section(std::string_view name) const {
  const auto found = std::ranges::find(sections, name, &Section::name);
  return found == sections.end() ? nullptr : &*found;
}

Bytes Elf::content(const Section& section) const {
  return slice(bytes, section.offset, section.size);
}

std::vector<Range> Elf::ranges(bool executable) const {
  std::vector<Range> wanted;
  for (const auto& segment : segments) {
    if (segment.executable == executable) wanted.push_back({segment.offset, segment.size});
  }
  std::ranges::sort(wanted, {}, &Range::offset);
  std::vector<Range> disjoint;
  for (const auto& range : wanted) {
    if (disjoint.empty() || range.offset > disjoint.back().offset + disjoint.back().size) {
      disjoint.push_back(range);
      continue;
    }
    auto& last = disjoint.back();
    last.size = std::max(last.size, range.offset + range.size - last.offset);
  }
  return disjoint;
}

std::string architecture_of(const Elf& elf) {
  // Go's names (GOARCH); numbers from the gABI's register of machines.
  switch (elf.machine) {
    case 3: return "386";
    case 8: return elf.word == 8 ? "mips64" : "mips";
    case 20: return "ppc";
    case 21: return elf.endian == Endian::big ? "ppc64" : "ppc64le";
    case 22: return "s390x";
    case 40: return "arm";
    case 62: return "amd64";
    case 183: return "arm64";
    case 243: return "riscv64";
    case 258: return "loong64";
    default: return fmt::format("machine {}", elf.machine);
  }
}

std::optional<Elf> parse_elf(Bytes bytes) {
  if (!bytes.starts_with("\x7f"
                         "ELF") ||
      bytes.size() < 20)
    return std::nullopt;
  const char size = bytes[4];
  const char order = bytes[5];
  if ((size != 1 && size != 2) || (order != 1 && order != 2)) return std::nullopt;
  Elf elf{.bytes = bytes,
          .word = size == 2 ? 8U : 4U,
          .endian = order == 2 ? Endian::big : Endian::little};
  std::uint16_t type = 0;
  const Tables tables = read_header(elf, type);
  const Dynamics dynamics = read_programs(elf, tables.programs);
  read_sections(elf, tables);
  elf.linking = linking_of(type, dynamics);
  return elf;
}

}  // namespace konvoy::binary
