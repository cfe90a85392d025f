// The variables that say how to reach a host.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "inventory/inventory.hpp"

namespace konvoy::inventory {

/// Whether a variable of this name holds a secret: by base::names_a_secret, or Ansible's old names
/// that end in `_pass`.
[[nodiscard]] bool holds_password(std::string_view name);

/// The Connection that `vars` describe for the host `name`. Adds to `warnings`: a password (a key
/// is safer), ansible_* variables that nobody here knows, and those that are known and passed over.
/// Errors (input): a value of the wrong kind, a template, another connection than ssh and local.
[[nodiscard]] base::Result<Connection> decode_connection(std::string_view name,
                                                         const value::Map& vars,
                                                         std::vector<base::Diagnostic>& warnings);

}  // namespace konvoy::inventory
