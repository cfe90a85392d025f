// One pass over a program's executable segments: Go's code markers and the places where a known
// cryptographic module may begin.
#pragma once

#include <cstdint>
#include <vector>

#include "binary/elf.hpp"
#include "binary/known_modules.hpp"

namespace konvoy::binary {

/// 32 bytes of code that cannot be executed, put there by crypto/internal/boring/sig on amd64 for
/// exactly this purpose: to be found in a program without symbols.
struct CodeMarkers {
  bool boring = false;     ///< sig.BoringCrypto
  bool standard = false;   ///< sig.StandardCrypto
  bool fips_only = false;  ///< sig.FIPSOnly: crypto/tls/fipsonly is imported
  [[nodiscard]] bool any() const { return boring || standard || fips_only; }
  bool operator==(const CodeMarkers&) const = default;
};

struct CodeScan {
  CodeMarkers markers;
  /// File offsets at which the prefix of a known module stands, with the module's index.
  struct Candidate {
    std::uint64_t offset = 0;
    std::size_t module = 0;
  };
  std::vector<Candidate> candidates;
};

/// All of this is 16-aligned, in memory and so in the file.
[[nodiscard]] CodeScan scan_code(const Elf& elf, const std::vector<KnownModule>& modules);

}  // namespace konvoy::binary
