#include "app/hosts.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "app/inventory_variables.hpp"
#include "inventory/host_option.hpp"
#include "inventory/pattern.hpp"
#include "inventory/read.hpp"
#include "system/file.hpp"

namespace konvoy::app {
namespace {

base::Error usage(std::string message, std::string hint) {
  return {base::ErrorKind::usage, std::move(message), std::move(hint)};
}

base::Result<void> check_combination(const HostOptions& options) {
  const bool by_inventory = !options.inventory_file.empty() || !options.limit.empty();
  if (!options.root.empty() && (by_inventory || !options.hosts.empty())) {
    return usage("an image root is one machine of its own",
                 "leave out '--host', '--inventory-file' and '--limit', or '--root'");
  }
  if (!options.root.empty() && (!options.ssh_key.empty() || options.become)) {
    return usage("nobody logs in to an image root", "leave out '--ssh-key' and '--become'");
  }
  if (!options.root.empty() && !system::exists(options.root + "/.")) {
    return usage(system::exists(options.root)
                     ? fmt::format("'{}' is no directory that can be entered", options.root)
                     : fmt::format("there is no directory '{}'", options.root),
                 "'--root' names the root of an image");
  }
  if (!options.ssh_key.empty() && !system::exists(options.ssh_key)) {
    return usage(fmt::format("there is no private key '{}'", options.ssh_key),
                 "name the file of one with '--ssh-key'");
  }
  if (!options.hosts.empty() && by_inventory) {
    return usage("hosts are named by '--host' and by an inventory",
                 "use one of them; '--limit' chooses hosts of an inventory");
  }
  return {};
}

base::Result<ChosenHosts> from_command_line(const HostOptions& options) {
  std::vector<inventory::Host> hosts;
  std::set<std::string> names;
  for (const auto& text : options.hosts) {
    KONVOY_TRY(auto host, inventory::parse_host_option(text));
    // One host on two ports is two machines: the second is called as it was written.
    if (!names.insert(host.name).second) {
      host.name = text;
      if (!names.insert(text).second) {
        return usage(fmt::format("the host '{}' is named twice", text), "name it once");
      }
    }
    hosts.push_back(std::move(host));
  }
  auto inventory = plain_inventory(std::move(hosts));
  const auto variables = inventory_variables(inventory);
  ChosenHosts chosen;
  for (auto& host : inventory.hosts) {
    chosen.hosts.push_back({.host = std::move(host), .inventory = variables});
  }
  return chosen;
}

// The plays of konvoy-image-builder all become root, so its inventories do not say it: a user who
// is not root becomes root unless the inventory speaks about it.
void become_by_default(inventory::Host& host) {
  const auto says = [&](const char* name) { return host.vars.at_path(name) != nullptr; };
  auto& connection = host.connection;
  if (says("ansible_become") || says("ansible_sudo") || connection.local) return;
  if (!connection.user.empty() && connection.user != "root") connection.become = true;
}

base::Result<ChosenHosts> from_inventory(const HostOptions& options) {
  const bool by_default = options.inventory_file.empty();
  const std::string file = by_default ? default_inventory : options.inventory_file;
  if (by_default && !system::exists(file)) {
    return usage(fmt::format("no host is named, and there is no '{}'", file),
                 "name hosts with '--host', an inventory with '--inventory-file', or an image root "
                 "with '--root'");
  }
  KONVOY_TRY(auto inventory, inventory::read_inventory(file));
  if (inventory.hosts.empty()) {
    return base::Error(base::ErrorKind::input, fmt::format("the inventory '{}' has no hosts", file),
                       "add hosts below 'all', or name them with '--host'");
  }
  KONVOY_TRY(const auto names,
             inventory::select_hosts(inventory, options.limit.empty() ? "all" : options.limit));
  ChosenHosts chosen{.warnings = std::move(inventory.warnings)};
  const auto variables = inventory_variables(inventory);
  for (const auto& name : names) {
    chosen.hosts.push_back({.host = *inventory.find_host(name), .inventory = variables});
    become_by_default(chosen.hosts.back().host);
  }
  return chosen;
}

}  // namespace

base::Result<ChosenHosts> choose_hosts(const HostOptions& options) {
  KONVOY_CHECK(check_combination(options));
  if (!options.root.empty()) {
    return ChosenHosts{.hosts = {{.host = {.name = options.root}, .root = options.root}}};
  }
  KONVOY_TRY(auto chosen,
             options.hosts.empty() ? from_inventory(options) : from_command_line(options));
  for (auto& machine : chosen.hosts) {
    auto& connection = machine.host.connection;
    if (!options.ssh_key.empty()) connection.private_key_file = options.ssh_key;
    if (options.become) connection.become = true;
  }
  return chosen;
}

}  // namespace konvoy::app
