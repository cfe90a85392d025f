#include "inventory/yaml_inventory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/suggest.hpp"
#include "inventory/connection.hpp"
#include "inventory/host_range.hpp"

namespace konvoy::inventory {
namespace {

constexpr int deepest = 100;

class YamlReader {
 public:
  base::Result<Draft> read(const value::Value& root) {
    const auto* groups = root.map();
    if (groups == nullptr) {
      return base::Error(
          base::ErrorKind::input,
          base::Diagnostic{.message = fmt::format("an inventory is a map of groups, not {}",
                                                  value::name_of(root.kind())),
                           .span = root.span(),
                           .hint = "begin with 'all:', and put 'hosts:' below it"});
    }
    if (const auto* plugin = groups->find_entry("plugin")) {
      return base::Error(
          base::ErrorKind::input,
          base::Diagnostic{.message = "this configures an inventory plugin of Ansible",
                           .span = plugin->key_span,
                           .hint = "write its result to a file: ansible-inventory "
                                   "--list --yaml --output FILE"});
    }
    for (const auto& entry : groups->entries()) read_group(entry, 0);
    if (!problems_.empty()) return base::Error(base::ErrorKind::input, std::move(problems_));
    return std::move(draft_);
  }

 private:
  void problem(std::string message, const base::SourceSpan& span, std::string hint) {
    problems_.push_back({.message = std::move(message), .span = span, .hint = std::move(hint)});
  }

  void warn(std::string message, const base::SourceSpan& span, std::string hint) {
    draft_.warnings.push_back({.severity = base::Severity::warning,
                               .message = std::move(message),
                               .span = span,
                               .hint = std::move(hint)});
  }

  // The entries of a section: a map, or one name as text; nothing for null.
  std::vector<value::Entry> entries_of(const value::Entry& section, const std::string& group) {
    const auto& value = section.value;
    if (value.is_null()) return {};
    if (const auto* map = value.map()) return map->entries();
    if (const auto* name = value.string()) {
      return {{.key = *name, .value = {}, .key_span = value.span()}};
    }
    problem(fmt::format("'{}' of group '{}' must be a map, not {}", section.key, group,
                        value::name_of(value.kind())),
            section.key_span, "write each name on a line of its own with a colon behind it");
    return {};
  }

  void read_group(const value::Entry& entry, int depth) {
    if (depth > deepest) {
      problem("groups are nested too deeply", entry.key_span, "define them at the top level");
      return;
    }
    auto& group = draft_.group(entry.key, entry.key_span);
    if (entry.value.is_null()) return;
    const auto* sections = entry.value.map();
    if (sections == nullptr) {
      warn(fmt::format("'{}' is passed over: a group is a map, this is {}", entry.key,
                       value::name_of(entry.value.kind())),
           entry.key_span, "groups stand at the top level and below 'children'");
      return;
    }
    for (const auto& section : sections->entries()) read_section(group, section, depth);
  }

  void read_section(DraftGroup& group, const value::Entry& section, int depth) {
    static const std::vector<std::string> known{"hosts", "children", "vars"};
    if (section.key == "hosts") {
      for (const auto& host : entries_of(section, group.name)) read_host(group, host);
    } else if (section.key == "children") {
      for (const auto& child : entries_of(section, group.name)) {
        read_group(child, depth + 1);
        Draft::add_child(group, child.key);
      }
    } else if (section.key == "vars") {
      for (const auto& variable : entries_of(section, group.name)) set(group.vars, variable);
    } else {
      auto hint = base::did_you_mean(section.key, known);
      if (hint.empty()) hint = "a group has 'hosts', 'children' and 'vars'";
      warn(fmt::format("unknown key '{}' of group '{}' is passed over", section.key, group.name),
           section.key_span, std::move(hint));
    }
  }

  void read_host(DraftGroup& group, const value::Entry& entry) {
    auto expanded = expand_host(entry.key);
    if (!expanded) {
      for (auto diagnostic : expanded.error().diagnostics) {
        diagnostic.span = entry.key_span;
        problems_.push_back(std::move(diagnostic));
      }
      return;
    }
    const auto* vars = entry.value.map();
    if (vars == nullptr && !entry.value.is_null()) {
      problem(fmt::format("the variables of host '{}' must be a map, not {}", entry.key,
                          value::name_of(entry.value.kind())),
              entry.key_span, "write 'variable: value' on lines of their own, further in");
      return;
    }
    for (const auto& name : expanded->names) {
      auto& host = draft_.host(name, entry.key_span);
      if (expanded->port != 0) {
        host.vars.set({.key = "ansible_port",
                       .value = value::Value(int{expanded->port}, {.span = entry.key_span}),
                       .key_span = entry.key_span});
      }
      if (vars != nullptr) {
        for (const auto& variable : vars->entries()) set(host.vars, variable);
      }
      Draft::add_host(group, name);
    }
  }

  static void set(value::Map& vars, value::Entry variable) {
    if (holds_password(variable.key)) variable.value = variable.value.as_secret();
    vars.set(std::move(variable));
  }

  Draft draft_;
  std::vector<base::Diagnostic> problems_;
};

}  // namespace

base::Result<Draft> parse_yaml(const value::Value& root) {
  return YamlReader().read(root);
}

}  // namespace konvoy::inventory
