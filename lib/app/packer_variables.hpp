// The variables that Packer's templates get: those of a work directory, and those that people set
// in the environment because they are secret or differ from desk to desk.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// What `generate` writes into a work directory.
inline constexpr auto packer_variables_name = "packer_vars.json";

struct PackerVariables {
  /// packer_vars.json, and what the environment adds where that file has nothing.
  value::Map all;
  /// What the environment added, for Packer's own environment (PKR_VAR_NAME), so that a secret is
  /// in no file and no argument.
  std::map<std::string, base::Secret> environment;

  /// A variable's text; empty when it is not set.
  [[nodiscard]] std::string text(std::string_view name) const;
};

/// Environment variables are those that konvoy-image-builder reads: AZURE_CLIENT_ID,
/// AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID, AZURE_TENANT_ID, VSPHERE_SERVER, VSPHERE_USERNAME,
/// VSPHERE_PASSWORD, SSH_USERNAME, SSH_PASSWORD, SSH_PRIVATE_KEY_FILE and the SSH_BASTION_ ones of
/// the same kind. Error of kind input: the file is not there or no map.
[[nodiscard]] base::Result<PackerVariables> read_packer_variables(
    const std::string& work_directory);

}  // namespace konvoy::app
