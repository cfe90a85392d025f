#include "inventory/draft.hpp"

#include <algorithm>

namespace konvoy::inventory {
namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

}  // namespace

Draft::Draft() {
  group("all", {});
  group("ungrouped", {});
}

DraftGroup& Draft::group(const std::string& name, const base::SourceSpan& span) {
  auto& known = group_by_name_[name];
  if (known == nullptr) {
    groups_.push_back({.name = name, .span = span});
    known = &groups_.back();
  } else if (!known->span.source) {
    known->span = span;
  }
  return *known;
}

DraftHost& Draft::host(const std::string& name, const base::SourceSpan& span) {
  auto& known = host_by_name_[name];
  if (known == nullptr) {
    hosts_.push_back({.name = name, .span = span});
    known = &hosts_.back();
  }
  return *known;
}

const DraftGroup* Draft::find_group(const std::string& name) const {
  const auto found = group_by_name_.find(name);
  return found == group_by_name_.end() ? nullptr : found->second;
}

void Draft::add_host(DraftGroup& group, const std::string& host) {
  // A group of thousands is written in one go: look at the last first.
  if (!group.hosts.empty() && group.hosts.back() == host) return;
  add_once(group.hosts, host);
}

void Draft::add_child(DraftGroup& group, const std::string& child) {
  add_once(group.children, child);
}

}  // namespace konvoy::inventory
