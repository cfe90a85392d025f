// ASCII armor (RFC 4880 section 6): keyrings are often kept armored, which gpgv does not read.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace konvoy::openpgp {

/// Whether `text` is armored, by its first characters.
[[nodiscard]] bool is_armored(std::string_view text);

/// The packets in all armor blocks of type `label` ("PUBLIC KEY BLOCK"), one after the other, as
/// they stand in a binary keyring; binary input comes back as it is. An Error of kind input when
/// armor is damaged or its checksum is wrong. Text between blocks is passed over.
[[nodiscard]] base::Result<std::string> remove_armor(std::string_view text, std::string_view label);

}  // namespace konvoy::openpgp
