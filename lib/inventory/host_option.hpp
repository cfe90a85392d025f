// Hosts named on the command line.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "inventory/inventory.hpp"

namespace konvoy::inventory {

/// `--host [USER@]HOST[:PORT]`, with an IPv6 address in brackets, or `local` for the machine we run
/// on. Errors (usage): an empty name, a port out of range, what could be read as an option of ssh.
[[nodiscard]] base::Result<Host> parse_host_option(std::string_view text);

}  // namespace konvoy::inventory
