#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "inventory/connection.hpp"
#include "inventory/draft.hpp"

namespace konvoy::inventory {
namespace {

// How far a group is from "all", and what it belongs to.
struct Place {
  int depth = 0;
  std::int64_t priority = 1;  // ansible_group_priority; Ansible's default is 1
  std::vector<std::string> parents;
};

using Places = std::map<std::string, Place>;

// More groups inside each other than anyone has, fewer than the stack bears.
constexpr std::size_t deepest = 200;

constexpr std::string_view priority_name = "ansible_group_priority";

class Assembler {
 public:
  Assembler(const Draft& draft, const VarsFiles& files) : draft_(draft), files_(files) {}

  base::Result<Inventory> assemble() {
    inventory_.warnings = draft_.warnings;
    KONVOY_CHECK(find_places());
    for (const auto& group : draft_.groups()) add_group(group);
    for (const auto& host : draft_.hosts()) add_host(host);
    if (!problems_.empty()) {
      drop_repetitions(problems_);
      return base::Error(base::ErrorKind::input, std::move(problems_));
    }
    drop_repetitions(inventory_.warnings);
    return std::move(inventory_);
  }

 private:
  base::Result<void> find_places() {
    for (const auto& group : draft_.groups()) {
      auto& place = places_[group.name];
      if (const auto* priority = group.vars.find(priority_name)) {
        if (const auto* number = priority->integer()) place.priority = *number;
      }
      for (const auto& child : group.children) places_[child].parents.push_back(group.name);
      for (const auto& host : group.hosts) direct_groups_[host].push_back(group.name);
    }
    for (const auto& group : draft_.groups()) {
      std::vector<std::string> above;
      KONVOY_CHECK(set_depth(group, above));
    }
    return {};
  }

  // The longest way from "all", of which every group is a child.
  base::Result<int> set_depth(const DraftGroup& group, std::vector<std::string>& above) {
    if (group.name == "all") return 0;
    if (std::ranges::find(above, group.name) != above.end()) {
      above.push_back(group.name);
      return base::Error(
          base::ErrorKind::input,
          base::Diagnostic{.message = fmt::format("the group '{}' contains itself: {}", group.name,
                                                  base::join(above, " is in ")),
                           .span = group.span,
                           .hint = "take it out of one of these groups"});
    }
    if (above.size() >= deepest) {
      return base::Error(base::ErrorKind::input,
                         base::Diagnostic{.message = fmt::format(
                                              "the group '{}' is nested too deeply", group.name),
                                          .span = group.span,
                                          .hint = "put its hosts into a group nearer to 'all'"});
    }
    auto& place = places_[group.name];
    if (place.depth > 0) return place.depth;
    above.push_back(group.name);
    int depth = 1;
    for (const auto& parent : place.parents) {
      const auto* found = draft_.find_group(parent);
      KONVOY_TRY(const int parent_depth, set_depth(*found, above));
      depth = std::max(depth, parent_depth + 1);
    }
    above.pop_back();
    place.depth = depth;
    return depth;
  }

  void add_group(const DraftGroup& group) {
    value::Map vars = own_vars(group);
    overlay(vars, files_.groups, group.name);
    inventory_.groups.push_back({.name = group.name,
                                 .hosts = group.hosts,
                                 .children = group.children,
                                 .vars = std::move(vars),
                                 .span = group.span});
  }

  static value::Map own_vars(const DraftGroup& group) {
    value::Map vars;
    for (const auto& entry : group.vars.entries()) {
      if (entry.key != priority_name) vars.set(entry);
    }
    return vars;
  }

  static void overlay(value::Map& vars, const VarsByName& files, std::string_view name) {
    const auto found = files.find(name);
    if (found != files.end()) overlay(vars, found->second);
  }

  static void overlay(value::Map& vars, const value::Map& above) {
    for (const auto& entry : above.entries()) vars.set(entry);
  }

  // All groups of a host but "all", in the order in which their variables count.
  std::vector<std::string> groups_of(const std::string& host) const {
    std::set<std::string> all;
    std::vector<std::string> open;
    if (const auto direct = direct_groups_.find(host); direct != direct_groups_.end()) {
      open = direct->second;
    }
    // "ungrouped" is for those that no other group has.
    if (std::ranges::any_of(open, [](const auto& n) { return n != "all" && n != "ungrouped"; })) {
      std::erase(open, "ungrouped");
    } else {
      open.emplace_back("ungrouped");
    }
    while (!open.empty()) {
      const auto name = std::move(open.back());
      open.pop_back();
      if (name == "all" || !all.insert(name).second) continue;
      const auto& parents = places_.at(name).parents;
      open.insert(open.end(), parents.begin(), parents.end());
    }
    std::vector<std::string> ordered(all.begin(), all.end());
    std::ranges::stable_sort(ordered, [&](const auto& a, const auto& b) {
      const auto& first = places_.at(a);
      const auto& second = places_.at(b);
      return std::pair(first.depth, first.priority) < std::pair(second.depth, second.priority);
    });
    return ordered;
  }

  void add_host(const DraftHost& draft) {
    Host host{.name = draft.name, .groups = groups_of(draft.name), .span = draft.span};
    value::Map vars = own_vars(*draft_.find_group("all"));
    for (const auto& group : host.groups) overlay(vars, own_vars(*draft_.find_group(group)));
    overlay(vars, files_.groups, "all");
    for (const auto& group : host.groups) overlay(vars, files_.groups, group);
    overlay(vars, draft.vars);
    overlay(vars, files_.hosts, draft.name);

    auto connection = decode_connection(draft.name, vars, inventory_.warnings);
    if (!connection) {
      for (const auto& problem : connection.error().diagnostics) problems_.push_back(problem);
      return;
    }
    host.connection = std::move(*connection);
    host.vars = std::move(vars);
    std::ranges::sort(host.groups);
    inventory_.hosts.push_back(std::move(host));
  }

  // A group's variable is the same problem for each of its hosts.
  static void drop_repetitions(std::vector<base::Diagnostic>& all) {
    std::vector<base::Diagnostic> unique;
    std::set<std::pair<std::string, std::string>> seen;
    for (auto& diagnostic : all) {
      const auto place = diagnostic.span ? diagnostic.span->location() : std::string();
      if (seen.emplace(diagnostic.message, place).second) unique.push_back(std::move(diagnostic));
    }
    all = std::move(unique);
    base::sort_by_place(all);
  }

  const Draft& draft_;
  const VarsFiles& files_;
  Inventory inventory_;
  Places places_;
  std::map<std::string, std::vector<std::string>> direct_groups_;
  std::vector<base::Diagnostic> problems_;
};

}  // namespace

base::Result<Inventory> assemble(const Draft& draft, const VarsFiles& files) {
  return Assembler(draft, files).assemble();
}

const Group* Inventory::find_group(std::string_view name) const {
  const auto found = std::ranges::find(groups, name, &Group::name);
  return found == groups.end() ? nullptr : &*found;
}

const Host* Inventory::find_host(std::string_view name) const {
  const auto found = std::ranges::find(hosts, name, &Host::name);
  return found == hosts.end() ? nullptr : &*found;
}

std::vector<std::string> Inventory::hosts_of(std::string_view group) const {
  std::vector<std::string> names;
  for (const auto& host : hosts) {
    if (group == "all" || std::ranges::find(host.groups, group) != host.groups.end()) {
      names.push_back(host.name);
    }
  }
  return names;
}

}  // namespace konvoy::inventory
