// Packer's builders that an image definition may name, and how its keys become their settings.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "packer/hcl.hpp"
#include "value/value.hpp"

namespace konvoy::packer {

/// `null` provisions a machine that is there already: for tests and for people's own templates.
enum class Builder { amazon, azure, googlecompute, vsphere, qemu, null };

/// From `packer_builder_type`, as konvoy-image-builder's definitions write it.
[[nodiscard]] base::Result<Builder> builder_named(std::string_view packer_builder_type);

/// Packer's own name: "amazon-ebs", "azure-arm", "googlecompute", "vsphere-clone", "qemu", "null".
[[nodiscard]] std::string_view source_type(Builder builder);

/// The plugin that a Packer of version 1.7 or newer must be told to fetch: its name in
/// required_plugins, its source address and least version; an empty name for `null`.
struct Plugin {
  std::string_view name;
  std::string_view source;
  std::string_view version;
};
[[nodiscard]] Plugin plugin_of(Builder builder);

/// Whether this builder wants the machine turned off by what provisions it: qemu has no interface
/// for that but a login, and would kill the machine.
[[nodiscard]] bool wants_power_off(Builder builder);

/// The `source` block. `variables` are those of packer_vars.json: a setting whose variable is
/// missing or empty is left out, so that Packer's own default counts. `with_plugins`: for a Packer
/// whose builders are plugins (1.7 and newer); some settings came with those.
[[nodiscard]] Block source_block(Builder builder, const value::Map& variables, bool with_plugins);

}  // namespace konvoy::packer
