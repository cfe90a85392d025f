// Ansible's YAML inventories.
#pragma once

#include "base/result.hpp"
#include "inventory/draft.hpp"

namespace konvoy::inventory {

/// The groups and hosts of a YAML (or JSON) inventory: a map of groups, each with `hosts`,
/// `children` and `vars`. Errors (input), all together: other shapes. Warnings: other keys.
[[nodiscard]] base::Result<Draft> parse_yaml(const value::Value& root);

}  // namespace konvoy::inventory
