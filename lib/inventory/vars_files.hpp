// group_vars/ and host_vars/ beside an inventory.
#pragma once

#include <string>

#include "base/result.hpp"
#include "inventory/draft.hpp"

namespace konvoy::inventory {

/// The variables for the groups and hosts of `draft` that files below `directory` hold. Of a name
/// with several endings the first of "", .yml, .yaml, .json counts; the files of a directory count
/// in the order of their names, the later one wins. Warnings of the files go to `warnings`.
[[nodiscard]] base::Result<VarsFiles> read_vars_files(const std::string& directory,
                                                      const Draft& draft,
                                                      std::vector<base::Diagnostic>& warnings);

}  // namespace konvoy::inventory
