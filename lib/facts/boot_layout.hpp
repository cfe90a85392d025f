// Where the boot loader's files are.
#pragma once

#include <string_view>

namespace konvoy::facts {

/// Whether a grub.cfg boots something itself, rather than only leading to another one (EL9 keeps
/// such a stub in the UEFI vendor directory).
[[nodiscard]] bool is_full_grub_config(std::string_view text);

/// Whether /etc/default/grub turns BLS entries on (GRUB_ENABLE_BLSCFG=true; the last one counts).
[[nodiscard]] bool parse_bls_enabled(std::string_view default_grub);

}  // namespace konvoy::facts
