#include "resource/transaction.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace konvoy::resource {
namespace {

using Rows = std::vector<TransactionPackage>;
using Words = std::vector<std::string>;

// The list that the rows below a heading belong to; null: a heading whose rows do not matter.
Rows* list_for(std::string_view heading, Transaction& transaction) {
  if (heading.starts_with("Installing")) return &transaction.installed;
  if (heading.starts_with("Upgrading") || heading.starts_with("Updating")) {
    return &transaction.upgraded;
  }
  if (heading.starts_with("Downgrading")) return &transaction.downgraded;
  if (heading.starts_with("Removing")) return &transaction.removed;
  return nullptr;
}

// Name, architecture, version, repository and size.
TransactionPackage package_of(const Words& row) {
  if (row.size() < 3) return {row.front(), row.front()};
  return {row[0], fmt::format("{}-{}.{}", row[0], row[2], row[1]),
          row.size() > 3 ? row[3] : std::string()};
}

// "replacing  podman-docker.noarch 3.0-1.el8"
TransactionPackage replaced_package(const Words& words) {
  const auto dot = words[1].rfind('.');
  const auto name = words[1].substr(0, dot);
  if (words.size() < 3 || dot == std::string::npos) return {name, words[1]};
  return {name, fmt::format("{}-{}{}", name, words[2], words[1].substr(dot))};
}

}  // namespace

Transaction parse_transaction(std::string_view output) {
  Transaction transaction;
  Rows* rows = nullptr;
  Words row;  // that is being read: it may go over several lines
  const auto end_row = [&] {
    if (rows != nullptr && !row.empty()) rows->push_back(package_of(row));
    row.clear();
  };
  for (const auto& line : base::split_lines(output)) {
    if (line.starts_with("Transaction Summary")) break;
    const auto words = base::split_words(line);
    if (words.empty()) continue;
    if (line.front() != ' ') {
      end_row();
      rows = line.ends_with(':') ? list_for(line, transaction) : nullptr;
    } else if (words.front() == "replacing" && words.size() > 1) {
      transaction.removed.push_back(replaced_package(words));
    } else {
      // A row begins with one blank, its continuation with more.
      if (line.size() > 1 && line[1] != ' ') end_row();
      row.insert(row.end(), words.begin(), words.end());
    }
  }
  end_row();
  return transaction;
}

std::string names_of(const std::vector<TransactionPackage>& packages) {
  std::vector<std::string> names;
  names.reserve(packages.size());
  for (const auto& package : packages) names.push_back(package.name);
  return base::join(names, ", ");
}

}  // namespace konvoy::resource
