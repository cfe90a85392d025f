// What gpg and gpgv say on --status-fd (GnuPG's doc/DETAILS, "Format of the --status-fd output").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace konvoy::openpgp {

/// One line `[GNUPG:] KEYWORD argument ...`.
struct StatusLine {
  std::string keyword;
  std::vector<std::string> arguments;
  bool operator==(const StatusLine&) const = default;
};

/// The lines that begin with "[GNUPG:] ", in their order; anything else is passed over. Takes any
/// bytes.
[[nodiscard]] std::vector<StatusLine> parse_status(std::string_view text);

/// A signature as VALIDSIG describes it.
struct Signature {
  std::string fingerprint;          ///< of the (sub)key that signed; 40 upper case digits
  std::string primary_fingerprint;  ///< of the primary key it belongs to
  std::int64_t created = 0;         ///< seconds since 1970
  std::int64_t expires = 0;         ///< seconds since 1970; 0: never
  int public_key_algorithm = 0;     ///< RFC 4880 section 9.1: 1 is RSA
  int hash_algorithm = 0;           ///< RFC 4880 section 9.4: 8 is SHA-256
  std::string signer;               ///< the user id that GOODSIG names
  bool operator==(const Signature&) const = default;
};

/// The arguments of a VALIDSIG line; nothing when they are not what GnuPG writes, or when the
/// signature is of a class other than 00 and 01 (those over documents).
[[nodiscard]] std::optional<Signature> parse_valid_signature(const StatusLine& line);

/// "SHA-256" for 8 (RFC 4880 section 9.4), "hash 99" for what has no name.
[[nodiscard]] std::string hash_name(int hash_algorithm);

}  // namespace konvoy::openpgp
