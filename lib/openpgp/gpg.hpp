// Signing through the user's own gpg: its keys, agent and smart cards.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::openpgp {

struct Signer {
  std::string program = "gpg";
  std::string key;  ///< what --local-user takes: a fingerprint, a key id, a mail address
};

/// `text` clear-signed with SHA-512. Errors: kind input when there is no such key that can sign,
/// kind run when gpg fails.
[[nodiscard]] base::Result<std::string> clear_sign(std::string_view text, const Signer& signer);

}  // namespace konvoy::openpgp
