#include "binary/linked_code.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "binary/function_names.hpp"

namespace konvoy::binary {
namespace {

// Packages that implement a primitive, and what it is called. "Not approved" after FIPS 140-2 IG
// annexes A and C (SP 800-131A rev. 2) and the approved lists of the BoringCrypto security
// policies: three-key DES encryption ended in 2023; X25519 and Ed25519 are in none of the policies
// of the module builds this tool knows, although FIPS 186-5 has approved Ed25519 since.
constexpr std::array<std::pair<Bytes, Bytes>, 27> primitives{{
    {"crypto/des", "des"},
    {"crypto/dsa", "dsa"},
    {"crypto/ed25519", "ed25519"},
    {"crypto/internal/edwards25519", "ed25519"},
    {"crypto/internal/fips140/ed25519", "ed25519"},
    {"crypto/md5", "md5"},
    {"crypto/rc4", "rc4"},
    {"golang.org/x/crypto/argon2", "argon2"},
    {"golang.org/x/crypto/bcrypt", "bcrypt"},
    {"golang.org/x/crypto/blake2b", "blake2b"},
    {"golang.org/x/crypto/blake2s", "blake2s"},
    {"golang.org/x/crypto/blowfish", "blowfish"},
    {"golang.org/x/crypto/cast5", "cast5"},
    {"golang.org/x/crypto/chacha20", "chacha20"},
    {"golang.org/x/crypto/chacha20poly1305", "chacha20poly1305"},
    {"golang.org/x/crypto/curve25519", "x25519"},
    {"golang.org/x/crypto/ed25519", "ed25519"},
    {"golang.org/x/crypto/internal/poly1305", "poly1305"},
    {"golang.org/x/crypto/md4", "md4"},
    {"golang.org/x/crypto/nacl/secretbox", "salsa20"},
    {"golang.org/x/crypto/openpgp/elgamal", "elgamal"},
    {"golang.org/x/crypto/poly1305", "poly1305"},
    {"golang.org/x/crypto/ripemd160", "ripemd160"},
    {"golang.org/x/crypto/salsa20", "salsa20"},
    {"golang.org/x/crypto/scrypt", "scrypt"},
    {"golang.org/x/crypto/twofish", "twofish"},
    {"golang.org/x/crypto/xtea", "xtea"},
}};

// Packages of the standard library that would go to the module if there were one. crypto itself
// and crypto/subtle hold no cryptography.
constexpr std::array<Bytes, 18> cryptographic_packages{
    "crypto/aes",   "crypto/cipher",  "crypto/des",      "crypto/dsa",  "crypto/ecdh",
    "crypto/ecdsa", "crypto/ed25519", "crypto/elliptic", "crypto/hmac", "crypto/md5",
    "crypto/rand",  "crypto/rc4",     "crypto/rsa",      "crypto/sha1", "crypto/sha256",
    "crypto/sha3",  "crypto/sha512",  "crypto/tls"};

bool is_cryptographic(Bytes package) {
  return std::ranges::find(cryptographic_packages, package) != cryptographic_packages.end() ||
         package.starts_with("crypto/internal/fips140/") ||
         package.starts_with("golang.org/x/crypto/");
}

bool is_openssl_backend(Bytes function) {
  return function.find("_goboringcrypto_DLOPEN_OPENSSL") != Bytes::npos ||
         function.starts_with("vendor/github.com/golang-fips/openssl") ||
         function.starts_with("vendor/github.com/microsoft/go-crypto");
}

class Collector {
 public:
  void add(Bytes function) {
    // Two names in three need no closer look.
    const bool may_matter = function.starts_with("crypto/") || function.starts_with("vendor/") ||
                            function.starts_with("runtime/cgo.") ||
                            function.find("golang.org/x/crypto/") != Bytes::npos ||
                            function.find("_goboringcrypto_") != Bytes::npos;
    if (!may_matter) return;
    if (function.starts_with("runtime/cgo.")) code_.c_code = true;
    if (is_openssl_backend(function)) code_.openssl_backend = true;
    if (function.starts_with("crypto/internal/boring._Cfunc__goboringcrypto_")) {
      code_.boring_calls = true;
    }
    const Bytes package = package_of(function);
    if (function.starts_with("crypto/ecdh.(*x25519Curve)")) non_approved_.insert("x25519");
    // The linker writes a package's functions one after the other.
    if (package == last_) return;
    last_ = package;
    code_.cryptography = code_.cryptography || is_cryptographic(package);
    for (const auto& [implementing, name] : primitives) {
      if (package == implementing) non_approved_.insert(std::string(name));
    }
  }

  LinkedCode finish() && {
    code_.go = true;
    code_.non_approved.assign(non_approved_.begin(), non_approved_.end());
    return std::move(code_);
  }

 private:
  LinkedCode code_;
  std::set<std::string> non_approved_;
  Bytes last_;
};

}  // namespace

LinkedCode find_linked_code(const Elf& elf) {
  const auto table = find_function_table(elf);
  if (!table) return {};
  Collector collector;
  for_each_function(*table, [&](Bytes name) { collector.add(name); });
  return std::move(collector).finish();
}

}  // namespace konvoy::binary
