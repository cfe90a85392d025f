// What the readers of the two formats write down, before variables are put together.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "inventory/inventory.hpp"

namespace konvoy::inventory {

struct DraftGroup {
  std::string name;
  base::SourceSpan span;
  std::vector<std::string> hosts;
  std::vector<std::string> children;
  value::Map vars;
};

struct DraftHost {
  std::string name;
  base::SourceSpan span;
  value::Map vars;
};

/// Variables of files in group_vars/ or host_vars/, by the name of the group or host.
using VarsByName = std::map<std::string, value::Map, std::less<>>;

struct VarsFiles {
  VarsByName groups;
  VarsByName hosts;
};

/// Groups and hosts in the order of their first mention.
class Draft {
 public:
  Draft();

  /// The group or host of this name, made when it is new. References stay good.
  DraftGroup& group(const std::string& name, const base::SourceSpan& span);
  DraftHost& host(const std::string& name, const base::SourceSpan& span);
  [[nodiscard]] const DraftGroup* find_group(const std::string& name) const;

  static void add_host(DraftGroup& group, const std::string& host);
  static void add_child(DraftGroup& group, const std::string& child);

  [[nodiscard]] const std::deque<DraftGroup>& groups() const { return groups_; }
  [[nodiscard]] const std::deque<DraftHost>& hosts() const { return hosts_; }

  std::vector<base::Diagnostic> warnings;

 private:
  std::deque<DraftGroup> groups_;
  std::deque<DraftHost> hosts_;
  std::map<std::string, DraftGroup*> group_by_name_;
  std::map<std::string, DraftHost*> host_by_name_;
};

/// Puts every host's variables together, lowest first, as Ansible does: group "all", the other
/// groups by depth, ansible_group_priority and name, then group_vars/ in the same order, the host's
/// own, host_vars/. A later variable replaces an earlier one as a whole. Errors (input): groups
/// that contain themselves, connection variables that make no sense.
[[nodiscard]] base::Result<Inventory> assemble(const Draft& draft, const VarsFiles& files);

}  // namespace konvoy::inventory
