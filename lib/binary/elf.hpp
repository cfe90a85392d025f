// ELF executables (System V gABI, chapters 4 and 5): only what tells how a program was linked and
// where its bytes are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "binary/bytes.hpp"

namespace konvoy::binary {

/// A part of the file that is mapped into memory (a PT_LOAD program header).
struct Segment {
  std::uint64_t address = 0;
  std::uint64_t offset = 0;  ///< in the file
  std::uint64_t size = 0;    ///< bytes that are in the file
  bool executable = false;
};

struct Section {
  Bytes name;
  std::uint64_t address = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// A part of the file.
struct Range {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// How a program finds its libraries and where it can be loaded.
enum class Linking {
  none,        ///< not an executable: an object file or a core
  fixed,       ///< "static": at a fixed address, no libraries
  dynamic,     ///< at a fixed address, with a dynamic linker
  pie,         ///< anywhere, with a dynamic linker
  static_pie,  ///< anywhere, no libraries
  shared,      ///< a shared library
};

/// "static", "dynamic", "pie", "static-pie", "shared", "none".
[[nodiscard]] std::string_view name_of(Linking linking);

/// Views the file's bytes: they must outlive it.
struct Elf {
  Bytes bytes;
  unsigned word = 8;  ///< bytes of an address: 4 or 8
  Endian endian = Endian::little;
  std::uint16_t machine = 0;  ///< EM_*: 62 amd64, 183 arm64
  Linking linking = Linking::none;
  std::vector<Segment> segments;
  std::vector<Section> sections;  ///< none when their headers were removed or are damaged

  /// The bytes of the file that are mapped at `address`, to the end of their segment; empty when
  /// nothing of the file is there.
  [[nodiscard]] Bytes at(std::uint64_t address) const;
  /// The section of that name, or null.
  [[nodiscard]] const Section* section(std::string_view name) const;
  [[nodiscard]] Bytes content(const Section& section) const;
  /// The parts of the file in executable (or in other) segments, disjoint and in order: together
  /// never more than the file, however segments overlap.
  [[nodiscard]] std::vector<Range> ranges(bool executable) const;
};

/// "amd64", "arm64", "386", ...; "machine 243" for what has no name here.
[[nodiscard]] std::string architecture_of(const Elf& elf);

/// Nothing when `bytes` do not begin like an ELF file of either size and byte order. Damaged
/// tables are read as far as they go.
[[nodiscard]] std::optional<Elf> parse_elf(Bytes bytes);

}  // namespace konvoy::binary
