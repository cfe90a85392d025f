// What a Go program's function names say about the cryptography that is linked into it.
#pragma once

#include <string>
#include <vector>

#include "binary/elf.hpp"

namespace konvoy::binary {

/// Names can be forged, so none of this alone makes a program a FIPS one.
struct LinkedCode {
  bool go = false;  ///< function names of a Go program were found
  /// Calls into BoringCrypto: `crypto/internal/boring._Cfunc__goboringcrypto_...`.
  bool boring_calls = false;
  /// Loads the host's OpenSSL: `_goboringcrypto_DLOPEN_OPENSSL` (Red Hat until Go 1.20), or the
  /// standard library's own copy of golang-fips/openssl (Red Hat) or microsoft/go-crypto-openssl.
  bool openssl_backend = false;
  bool c_code = false;  ///< runtime/cgo
  /// Some cryptography of the standard library or of golang.org/x/crypto.
  bool cryptography = false;
  /// Primitives that no BoringCrypto or Go module build offers as approved, from packages that
  /// implement them outside the module; sorted. That they are linked does not say that they are
  /// used: crypto/tls alone links most of them.
  std::vector<std::string> non_approved;

  bool operator==(const LinkedCode&) const = default;
};

[[nodiscard]] LinkedCode find_linked_code(const Elf& elf);

}  // namespace konvoy::binary
