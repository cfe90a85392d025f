// What dnf or yum say they would do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace konvoy::resource {

/// A package as the table gives it.
struct TransactionPackage {
  std::string name;
  std::string nevra;  ///< "socat-1.7.3-2.el8.x86_64"; an epoch only where the table has one
  std::string repository = {};  ///< "appstream"
  bool operator==(const TransactionPackage&) const = default;
};

/// The packages that a transaction touches, in the order of the table.
struct Transaction {
  std::vector<TransactionPackage> installed;
  std::vector<TransactionPackage> upgraded;
  std::vector<TransactionPackage> downgraded;
  std::vector<TransactionPackage> removed;  ///< also those that another package replaces
  bool operator==(const Transaction&) const = default;
};

/// Reads the table that `dnf --assumeno` (4.x) and `yum --assumeno` (3.4) print before they ask;
/// LC_ALL=C. A text without a table gives an empty transaction.
[[nodiscard]] Transaction parse_transaction(std::string_view output);

/// "kubelet, socat".
[[nodiscard]] std::string names_of(const std::vector<TransactionPackage>& packages);

}  // namespace konvoy::resource
