// Boot Loader Specification entries: /boot/loader/entries/*.conf.
//
// Format (GRUB, grub-core/commands/blscfg.c of EL8): lines of a key, white space and a value; '#'
// starts a comment; `options` may be there several times and is then put together with spaces.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "boot/command_line.hpp"

namespace konvoy::boot {

/// What counts of an entry, as the file says it: variables are not expanded.
struct BlsEntry {
  std::string title;
  std::string version;
  std::string linux_image;  ///< relative to the file system of /boot
  std::string initrd;       ///< the rest of the line: "/initramfs-X.img $tuned_initrd"
  std::optional<std::string> options;
  bool operator==(const BlsEntry&) const = default;
};

[[nodiscard]] BlsEntry parse_bls_entry(std::string_view text);

/// Whether the variable `name` is used as $name or ${name}.
[[nodiscard]] bool uses_variable(std::string_view text, std::string_view name);

/// `text` with GRUB's variables replaced: `find` gives their values, an unset one is empty.
[[nodiscard]] std::string expand_variables(
    std::string_view text, const std::vector<std::pair<std::string, std::string>>& variables);

/// The entry with `changes` in its options. Where they come from $kernelopts, only what contradicts
/// `changes` behind it is taken out. An entry without options is an Error of kind input naming
/// `path`.
base::Result<std::string> change_bls_entry(std::string_view text, std::string_view path,
                                           const std::vector<ArgumentChange>& changes);

}  // namespace konvoy::boot
