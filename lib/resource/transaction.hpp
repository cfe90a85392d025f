// What dnf or yum say they would do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace konvoy::resource {

/// The names of the packages that a transaction touches, in the order of the table.
struct Transaction {
  std::vector<std::string> installed;
  std::vector<std::string> upgraded;
  std::vector<std::string> downgraded;
  std::vector<std::string> removed;  ///< also those that another package replaces
  bool operator==(const Transaction&) const = default;
};

/// Reads the table that `dnf --assumeno` (4.x) and `yum --assumeno` (3.4) print before they ask;
/// LC_ALL=C. A text without a table gives an empty transaction.
[[nodiscard]] Transaction parse_transaction(std::string_view output);

}  // namespace konvoy::resource
