#include "app/inventory_variables.hpp"

#include <string>
#include <utility>
#include <vector>

#include "template/engine.hpp"

namespace konvoy::app {
namespace {

constexpr auto no_group = "ungrouped";

value::Value names_value(const std::vector<std::string>& names) {
  return value::List(names.begin(), names.end());
}

value::Map rendered_variables(const inventory::Host& host) {
  auto all = host_variables(host);
  const auto* own = host.vars.map();
  if (own == nullptr) return all;
  templates::Engine engine;
  for (const auto& entry : own->entries()) engine.set(entry.key, entry.value);
  for (const auto& entry : all.entries()) engine.set_fact(entry.key, entry.value);
  for (const auto& entry : own->entries()) {
    auto rendered = engine.resolve(entry.key);
    if (rendered) all.set(entry.key, std::move(rendered->value));
  }
  return all;
}

}  // namespace

value::Value inventory_variables(const inventory::Inventory& inventory) {
  value::Map groups;
  for (const auto& group : inventory.groups) {
    groups.set(group.name, names_value(inventory.hosts_of(group.name)));
  }
  value::Map hosts;
  for (const auto& host : inventory.hosts) {
    hosts.set(host.name, value::Value(rendered_variables(host)));
  }
  value::Map both;
  both.set("groups", value::Value(std::move(groups)));
  both.set("hostvars", value::Value(std::move(hosts)));
  return both;
}

inventory::Inventory plain_inventory(std::vector<inventory::Host> hosts) {
  inventory::Group ungrouped{.name = no_group};
  for (auto& host : hosts) {
    if (host.groups.empty()) host.groups = {no_group};
    ungrouped.hosts.push_back(host.name);
  }
  inventory::Group all{.name = "all", .children = {no_group}};
  return {.groups = {std::move(all), std::move(ungrouped)}, .hosts = std::move(hosts)};
}

value::Map host_variables(const inventory::Host& host) {
  value::Map variables;
  variables.set("inventory_hostname", value::Value(host.name));
  variables.set("inventory_hostname_short", value::Value(host.name.substr(0, host.name.find('.'))));
  variables.set("group_names", host.groups.empty() ? value::Value(value::List{no_group})
                                                   : names_value(host.groups));
  return variables;
}

}  // namespace konvoy::app
