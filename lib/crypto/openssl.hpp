// What the sources of this module share; not for other modules.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
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

/// Takes over `key` (an EVP_PKEY). An Error of kind input when it is no RSA key or has fewer than
/// 2048 bits; `name` says where it is from.
[[nodiscard]] base::Result<std::shared_ptr<void>> accept_rsa(void* key, std::string_view name);

}  // namespace konvoy::crypto
