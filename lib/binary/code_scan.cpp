#include "binary/code_scan.hpp"

#include <algorithm>
#include <cstring>

namespace konvoy::binary {
namespace {

constexpr std::size_t alignment = 16;
// Real programs have one; a hostile one gets no more attention for having thousands.
constexpr std::size_t most_candidates = 8;

// jmp over what follows, four times hlt, then 24 bytes that name the marker, then ret.
constexpr Bytes marker_start("\xeb\x1d\xf4\x48\xf4\x4b\xf4", 7);
constexpr Bytes boring_name(
    "\xb3\x32\xf5\x28\x13\xa3\xb4\x50\xd4\x41\xcc\x24\x85\xf0\x01\x45\x4e\x92\x10\x1b\x1d\x2f\x19"
    "\x50",
    24);
constexpr Bytes standard_name(
    "\xba\xee\x4d\xfa\x98\x51\xca\x56\xa9\x11\x45\xe8\x3e\x99\xc5\x9c\xf9\x11\xcb\x8e\x80\xda\xf1"
    "\x2f",
    24);
constexpr Bytes fips_only_name(
    "\x36\x3c\xb9\xce\x9d\x68\x04\x7d\x31\xf2\x8d\x32\x5d\x5c\xa5\x87\x3f\x5d\x80\xca\xf6\xd6\x15"
    "\x1b",
    24);
constexpr char marker_end = '\xc3';
constexpr std::size_t marker_size = 32;

std::uint64_t first_eight(Bytes bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

void note_marker(CodeMarkers& markers, Bytes at) {
  if (at.size() < marker_size || at[marker_size - 1] != marker_end) return;
  const Bytes name = at.substr(marker_start.size(), 24);
  markers.boring = markers.boring || name == boring_name;
  markers.standard = markers.standard || name == standard_name;
  markers.fips_only = markers.fips_only || name == fips_only_name;
}

void note_module(CodeScan& scan, Bytes at, std::uint64_t offset,
                 const std::vector<KnownModule>& modules) {
  for (std::size_t i = 0; i < modules.size(); ++i) {
    if (scan.candidates.size() < most_candidates && at.starts_with(modules[i].prefix)) {
      scan.candidates.push_back({offset, i});
    }
  }
}

}  // namespace

CodeScan scan_code(const Elf& elf, const std::vector<KnownModule>& modules) {
  CodeScan scan;
  // Eight bytes decide at almost every place; the modules known so far all begin with the same.
  std::vector<std::uint64_t> starts;
  for (const auto& module : modules) {
    const auto start = first_eight(module.prefix);
    if (std::ranges::find(starts, start) == starts.end()) starts.push_back(start);
  }
  const std::uint64_t marker = first_eight(std::string(marker_start) + '\0');
  std::uint64_t marker_mask = 0;
  std::memset(&marker_mask, 0xff, marker_start.size());
  for (const auto& range : elf.ranges(true)) {
    const Bytes bytes = slice(elf.bytes, range.offset, range.size);
    std::size_t at = (alignment - range.offset % alignment) % alignment;
    for (; at + alignment <= bytes.size(); at += alignment) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if ((word & marker_mask) == marker) note_marker(scan.markers, bytes.substr(at));
      for (const auto start : starts) {
        if (word == start) note_module(scan, bytes.substr(at), range.offset + at, modules);
      }
    }
  }
  return scan;
}

}  // namespace konvoy::binary
