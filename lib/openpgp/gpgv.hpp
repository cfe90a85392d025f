// Verification of signed texts through the system's gpgv.
//
// gpgv needs no daemon and no home directory, follows the host's FIPS mode (libgcrypt), takes an
// explicit keyring and is on every EL7 and EL8. It is judged by its status lines (judge.hpp).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "openpgp/judge.hpp"

namespace konvoy::openpgp {

/// What a gpgv can do; EL7's 2.0.22 can do neither.
struct Capabilities {
  bool weak_digest = false;  ///< --weak-digest, since 2.1.16
  bool output = false;       ///< --output, since 2.1.10
  std::string version;       ///< its first line of --version: "gpgv (GnuPG) 2.2.40"
  bool operator==(const Capabilities&) const = default;
};

struct Verifier {
  std::string program = "gpgv";  ///< looked for on PATH unless it has a slash
  std::string keyring;           ///< bytes of the keyring: binary or armored
  Trust trust;
  std::chrono::milliseconds timeout{60000};
};

/// A text of which every byte is signed.
struct Verified {
  std::string text;
  Signature signature;
  std::string by;  ///< what verified it: "gpgv (GnuPG) 2.2.40"
};

/// Asks the program itself, not its version: distributions patch. Error of kind run when it is not
/// there.
[[nodiscard]] base::Result<Capabilities> probe_gpgv(const std::string& program);

/// Verifies a clear-signed text or an armored or binary signed message. The text that comes out is
/// the one that gpgv wrote; where it cannot write, only a clear-signed text is taken (see
/// parse_clear_signed()). Errors: kind input for what judge() refuses, kind run when gpgv fails.
[[nodiscard]] base::Result<Verified> verify_signed(std::string_view message,
                                                   const Verifier& verifier);

/// Verifies `text` with a signature that is kept beside it, armored or binary.
[[nodiscard]] base::Result<Verified> verify_detached(std::string_view text,
                                                     std::string_view signature,
                                                     const Verifier& verifier);

}  // namespace konvoy::openpgp
