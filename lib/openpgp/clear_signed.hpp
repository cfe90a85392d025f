// The clear-signed text form (RFC 4880 section 7), for the gpgv of EL7, which cannot write out the
// text that it verified. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::openpgp {

/// Whether `text` starts, after blank lines, as a clear-signed text does.
[[nodiscard]] bool looks_clear_signed(std::string_view text);

/// The text of a file that is exactly one clear-signed block: dash escapes undone, lines ended with
/// "\n" (also the last: the line end before the signature is no part of the text, but gpgv writes
/// one, and JSON does not mind). Trailing blanks of lines, which no signature covers, are taken
/// away. An Error of kind input when anything stands outside the block, when it has a second
/// signature block, or a header other than `Hash`.
[[nodiscard]] base::Result<std::string> parse_clear_signed(std::string_view text);

}  // namespace konvoy::openpgp
