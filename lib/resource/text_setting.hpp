// One setting inside a file that belongs to somebody else: a line, or a key of an INI-like file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// A line that must stand in a file, in place of the last line that begins with `instead_of` (white
/// space before it does not count); at the end when no line does. An empty `instead_of` is the line
/// itself.
struct Line {
  std::string path;
  std::string line;
  std::string instead_of;
  bool operator==(const Line&) const = default;
};
/// `text` with the line in its place.
[[nodiscard]] std::string with_line(std::string_view text, const Line& line);
[[nodiscard]] Decision decide(const Line& line, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Line line);

/// `key = value` in a section of an INI-like file; comments, order and everything else stay. The
/// file is made when it is not there, unless `only_in_existing`.
struct IniSetting {
  std::string path;
  std::string section;  ///< without brackets; empty: before the first section
  std::string key;
  std::optional<std::string> value;  ///< nothing: the key must not be there
  std::string separator = "=";       ///< what a new line has between key and value
  bool only_in_existing = false;
  bool operator==(const IniSetting&) const = default;
};
/// `text` with the setting made. Of a key that stands more than once the last one counts, as
/// readers of such files see it; the others are removed.
[[nodiscard]] std::string with_ini_setting(std::string_view text, const IniSetting& setting);
[[nodiscard]] Decision decide(const IniSetting& setting, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(IniSetting setting);

}  // namespace konvoy::resource
