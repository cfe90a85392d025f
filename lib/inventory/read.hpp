// An inventory from where the user keeps it.
#pragma once

#include <string>

#include "base/result.hpp"
#include "inventory/inventory.hpp"

namespace konvoy::inventory {

/// Reads `source`: a file, or a list of hosts that has a comma in it ("a," "a,b:2222,c[1:3]").
/// A file is YAML when its name ends in .yaml, .yml or .json, INI when it has another ending, and
/// told by its first line when it has none. group_vars/NAME and host_vars/NAME beside it (without
/// an ending, .yml, .yaml or .json; or directories of such files) are read too; for a list those
/// of the current directory. Plain scalars of YAML are read as everywhere here (yaml.v2), which for
/// `y`, `n` and `1:30` is not what Ansible makes of them. Errors (input): what is not there or not
/// readable, and those of the format.
[[nodiscard]] base::Result<Inventory> read_inventory(const std::string& source);

}  // namespace konvoy::inventory
