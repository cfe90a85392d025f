// What the sources of this module share; not for other modules.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::crypto {

/// An Error of `kind` with `message`; what OpenSSL's error queue says is added as notes, and the
/// queue is emptied.
[[nodiscard]] base::Error openssl_error(base::ErrorKind kind, std::string message);

/// Hands every piece of the open file to `consume`, from its start; gives the bytes read.
[[nodiscard]] base::Result<std::uint64_t> read_pieces(
    int descriptor, const std::function<base::Result<void>(std::string_view)>& consume);

}  // namespace konvoy::crypto
