// What templates may ask about the inventory, in Ansible's words.
#pragma once

#include "inventory/inventory.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// `groups` (the names of each group's hosts) and `hostvars` (each host's variables of the
/// inventory, its own templates rendered with them): a map of the two, the same for all hosts. What
/// hosts say about themselves is not in it. A variable that needs more than the inventory is left
/// out.
[[nodiscard]] value::Value inventory_variables(const inventory::Inventory& inventory);

/// Hosts that no file names: all of them in "all" and "ungrouped".
[[nodiscard]] inventory::Inventory plain_inventory(std::vector<inventory::Host> hosts);

/// `inventory_hostname`, `inventory_hostname_short` and `group_names`: what differs from host to
/// host.
[[nodiscard]] value::Map host_variables(const inventory::Host& host);

}  // namespace konvoy::app
