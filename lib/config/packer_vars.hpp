// packer_vars.json: what Packer's templates get from a configuration.
#pragma once

#include <string>

#include "value/value.hpp"

namespace konvoy::config {

struct PackerInputs {
  std::string config_file;  ///< path of config.yaml, which the provisioner reads
  std::string version;      ///< of this program
};

/// `build_name` with `build_name_extra`; "provision_build" stands for a missing build_name.
[[nodiscard]] std::string build_name(const value::Value& config);

/// The variables with the names and the values that konvoy-image-builder gives them: all below
/// `packer` as text (maps stay maps), and build_name, kubernetes_full_version, gpu and the like.
/// Keys are ordered. Secrets stay marked.
[[nodiscard]] value::Value packer_vars(const value::Value& config, const PackerInputs& inputs);

}  // namespace konvoy::config
