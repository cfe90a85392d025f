// What the Go linker writes about a build into the program (Go's debug/buildinfo, `go version -m`).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "binary/elf.hpp"

namespace konvoy::binary {

struct BuildInfo {
  std::string version;                          ///< "go1.19.8 X:boringcrypto"
  std::string path;                             ///< of the main package
  std::map<std::string, std::string> settings;  ///< "build" lines; none before Go 1.18
  bool operator==(const BuildInfo&) const = default;

  /// The setting, or an empty text.
  [[nodiscard]] std::string setting(const std::string& key) const;
};

/// Reads both layouts (inline texts since Go 1.18, pointers before). With no section headers every
/// segment is searched, writable or not: an internally linked PIE has two writable ones.
[[nodiscard]] std::optional<BuildInfo> find_build_info(const Elf& elf);

/// The module text that Go puts between two 16-byte marks, taken apart. Lines of unknown kind are
/// passed over.
[[nodiscard]] BuildInfo parse_module_text(std::string version, std::string_view text);

}  // namespace konvoy::binary
