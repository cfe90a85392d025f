// Options that several commands share, so that they are called and explained alike everywhere.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace konvoy::cli {

/// -o text|json|yaml
[[nodiscard]] Option output_option();

/// What the configuration is made of: --overrides, --extra-vars, --kubernetes-version,
/// --containerd-version, --work-dir.
[[nodiscard]] std::vector<Option> input_options();

/// Where templates get facts from when no host is asked: --facts, --set-fact, --os.
[[nodiscard]] std::vector<Option> fact_options();

/// Which machines: --inventory-file, --limit, --host, --root, --ssh-key, --ssh-accept-new,
/// --become.
[[nodiscard]] std::vector<Option> host_options();

/// One list of several.
[[nodiscard]] std::vector<Option> together(std::vector<std::vector<Option>> groups);

}  // namespace konvoy::cli
