#include "resource/transaction.hpp"

#include "base/text.hpp"

namespace konvoy::resource {
namespace {

// The list that the rows below a heading belong to; null: a heading whose rows do not matter.
std::vector<std::string>* list_for(std::string_view heading, Transaction& transaction) {
  if (heading.starts_with("Installing")) return &transaction.installed;
  if (heading.starts_with("Upgrading") || heading.starts_with("Updating")) {
    return &transaction.upgraded;
  }
  if (heading.starts_with("Downgrading")) return &transaction.downgraded;
  if (heading.starts_with("Removing")) return &transaction.removed;
  return nullptr;
}

}  // namespace

Transaction parse_transaction(std::string_view output) {
  Transaction transaction;
  std::vector<std::string>* rows = nullptr;
  for (const auto& line : base::split_lines(output)) {
    if (line.starts_with("Transaction Summary")) break;
    const auto words = base::split_words(line);
    if (words.empty()) continue;
    if (line.front() != ' ') {
      rows = line.ends_with(':') ? list_for(line, transaction) : nullptr;
    } else if (words.front() == "replacing" && words.size() > 1) {
      // "     replacing  podman-docker.noarch 3.0-1.el8" below the row of what replaces it
      transaction.removed.push_back(words[1].substr(0, words[1].rfind('.')));
    } else if (rows != nullptr && line.size() > 1 && line[1] != ' ') {
      rows->push_back(words.front());  // a row begins with one blank; its continuation with more
    }
  }
  return transaction;
}

}  // namespace konvoy::resource
