// Names of hosts as they are written: with a port, with ranges, with both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace konvoy::inventory {

/// Ranges that give more names than this are a slip of the keyboard.
inline constexpr std::size_t most_hosts = 100000;

struct NamesAndPort {
  std::vector<std::string> names;
  std::uint16_t port = 0;  ///< 0: none was written
  bool operator==(const NamesAndPort&) const = default;
};

/// "db[01:50].example:2222", "[2001:db8::7]:22", "rack[a:c]-[1:9:2]": every name in order. Begin
/// and end of a range count; a leading zero pads. An IPv6 address takes a port only in brackets.
/// Errors (input): a range that runs backwards or has no end, a port out of range.
[[nodiscard]] base::Result<NamesAndPort> expand_host(std::string_view pattern);

}  // namespace konvoy::inventory
