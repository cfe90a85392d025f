// Programs as the documented layouts say they look, for what no compiler here makes: Go from 1.9 to
// 1.25, Red Hat's and Microsoft's backends, Go's native module, other machines, hostile files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "binary/bytes.hpp"

namespace konvoy::binary::test {

/// A file of three segments, each on a page of its own: code (r-x), constants (r--), data (rw-).
/// No section headers.
struct SyntheticElf {
  unsigned word = 8;  ///< 4: ELF32
  Endian endian = Endian::little;
  std::uint16_t type = 2;      ///< ET_EXEC
  std::uint16_t machine = 62;  ///< amd64
  bool interpreter = false;
  std::string code;
  std::string constants;
  std::string data;

  static constexpr std::uint64_t page = 0x1000;
  static constexpr std::uint64_t base = 0x400000;

  /// Addresses of the segments' first bytes.
  [[nodiscard]] std::uint64_t code_address() const { return base + page; }
  [[nodiscard]] std::uint64_t constants_address() const {
    return code_address() + pages(code.size());
  }
  [[nodiscard]] std::uint64_t data_address() const {
    return constants_address() + pages(constants.size());
  }

  [[nodiscard]] std::string build() const;

 private:
  static std::uint64_t pages(std::size_t size) { return (size / page + 1) * page; }
};

/// `value` in `size` bytes.
[[nodiscard]] std::string number(std::uint64_t value, unsigned size,
                                 Endian endian = Endian::little);

/// `lines` between the two marks that Go puts around module text.
[[nodiscard]] std::string marked(std::string_view lines);

/// The record of Go 1.18 and later, texts inline.
[[nodiscard]] std::string inline_build_info(std::string_view version, std::string_view lines);

/// A pclntab of Go 1.16 (`magic` fffffffa), 1.18 (fffffff0) or 1.20 (fffffff1) with these names.
[[nodiscard]] std::string function_table(std::uint32_t magic, const std::vector<std::string>& names,
                                         unsigned word = 8, Endian endian = Endian::little);

/// A pclntab of Go 1.2 to 1.15 (fffffffb).
[[nodiscard]] std::string old_function_table(const std::vector<std::string>& names,
                                             unsigned word = 8, Endian endian = Endian::little);

/// Code markers, 32 bytes each.
[[nodiscard]] std::string boring_marker();
[[nodiscard]] std::string standard_marker();
[[nodiscard]] std::string fips_only_marker();

}  // namespace konvoy::binary::test
