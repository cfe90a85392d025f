// Which machines a command is about: one way for all commands.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "inventory/inventory.hpp"
#include "target/target.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// The options that name hosts, as the user gave them; empty: not given.
struct HostOptions {
  std::string inventory_file;      ///< a file, or a list with a comma in it
  std::string limit;               ///< a pattern over the inventory
  std::vector<std::string> hosts;  ///< "[USER@]HOST[:PORT]" or "local"
  std::string root;                ///< the root of an image
  std::string ssh_key;             ///< wins over the inventory's key
  bool become = false;             ///< also where the inventory does not say so
};

/// The inventory that is read when nothing else names a host, as in konvoy-image-builder.
inline constexpr auto default_inventory = "inventory.yaml";

/// A machine to work on: a host, or an image root when `root` is not empty.
struct ChosenHost {
  inventory::Host host;
  std::string root;
  value::Value inventory;  ///< inventory_variables(); null: the machine is all of it

  [[nodiscard]] const std::string& name() const { return root.empty() ? host.name : root; }
  bool operator==(const ChosenHost&) const = default;
};

struct ChosenHosts {
  std::vector<ChosenHost> hosts;           ///< at least one; no name twice
  std::vector<base::Diagnostic> warnings;  ///< of the inventory
};

/// The machines that `options` name: an image root, or hosts of the command line, or those of the
/// inventory that `limit` leaves. An inventory's user who is not root becomes root with sudo unless
/// it has ansible_become, as konvoy-image-builder's plays do. Errors: usage (options that exclude
/// each other, a name that is none, a pattern that matches nothing), input (the inventory), and an
/// inventory without hosts.
[[nodiscard]] base::Result<ChosenHosts> choose_hosts(const HostOptions& options);

/// Opens the door to a machine. Called once per machine, from several threads.
using OpenTarget = std::function<base::Result<std::unique_ptr<target::Target>>(const ChosenHost&)>;

}  // namespace konvoy::app
