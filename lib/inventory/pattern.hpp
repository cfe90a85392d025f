// Which hosts of an inventory are meant: Ansible's host patterns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "inventory/inventory.hpp"

namespace konvoy::inventory {

/// The names of the hosts that `pattern` means, in the order of the inventory. Parts are separated
/// by commas, or by colons where there is no comma: names of groups and hosts, `all`, globs, `~`
/// and a regular expression (ECMAScript's, from the start of the name), `group[0]`, `group[1:3]`
/// and `group[-1]`; a part after `&` must also hold, one after `!` must not, in whatever order they
/// stand.
///
/// Errors (usage): a part that matches nothing (Ansible only warns, and then a misspelt `!name`
/// changes a host that should have been left alone), an expression that is none, and a pattern that
/// leaves no host.
[[nodiscard]] base::Result<std::vector<std::string>> select_hosts(const Inventory& inventory,
                                                                  std::string_view pattern);

}  // namespace konvoy::inventory
