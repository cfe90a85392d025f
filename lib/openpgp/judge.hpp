// Whether what gpgv said is a signature we take. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "openpgp/status.hpp"

namespace konvoy::openpgp {

/// Which keys count. Those of the keyring that gpgv was given always bound it.
struct Trust {
  /// Fingerprints of primary keys or of signing subkeys, upper case and without spaces; empty:
  /// every key of the keyring.
  std::vector<std::string> fingerprints;
};

/// The one good signature of a run. An Error of kind input when there is none, more than one, or
/// one that must not count: its key is expired, revoked or not trusted, its hash is MD5, SHA-1 or
/// RIPEMD-160, its text is damaged, or gpgv met an error on the way. The exit status of gpgv does
/// not count: it is 0 for an expired key.
[[nodiscard]] base::Result<Signature> judge(std::span<const StatusLine> lines, const Trust& trust);

}  // namespace konvoy::openpgp
