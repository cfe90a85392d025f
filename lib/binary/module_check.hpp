// Whether the bytes of a cryptographic module are what its makers linked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "binary/code_scan.hpp"
#include "binary/elf.hpp"
#include "binary/known_modules.hpp"

namespace konvoy::binary {

enum class ModuleState {
  absent,    ///< no known module begins anywhere
  verified,  ///< text, its integrity HMAC and the stored code all match
  altered,   ///< a known module begins here (or its code is stored), but the text or code differs
};

struct ModuleCheck {
  ModuleState state = ModuleState::absent;
  const KnownModule* module = nullptr;  ///< of the Knowledge; null when absent
  std::string because;                  ///< what was compared and found
};

/// Checks every candidate of the scan; a verified one wins. Without a candidate the stored codes
/// are searched for, since a change in the first bytes of the text hides its beginning.
/// Errors come from OpenSSL only.
[[nodiscard]] base::Result<ModuleCheck> check_module(const Elf& elf, const CodeScan& scan,
                                                     const std::vector<KnownModule>& modules);

/// `.go.fipsinfo` of Go 1.24 and later: whether the HMAC in it is that of the ranges it names.
/// Nothing when there is no such record. It is there and right in plain Go programs too.
/// Errors come from OpenSSL only.
[[nodiscard]] base::Result<std::optional<bool>> check_fipsinfo(const Elf& elf);

}  // namespace konvoy::binary
