// Ansible's INI inventories.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "base/source_span.hpp"
#include "inventory/draft.hpp"

namespace konvoy::inventory {

/// The groups and hosts of an INI inventory. Errors (input), all of the text together, each with
/// its line: what is no section, host line or variable; children and vars of undefined groups.
[[nodiscard]] base::Result<Draft> parse_ini(const std::shared_ptr<const base::SourceText>& source);

}  // namespace konvoy::inventory
