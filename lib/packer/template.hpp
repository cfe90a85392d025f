// packer.pkr.hcl: what Packer runs, with this executable as its provisioner.
#pragma once

#include <string>
#include <vector>

#include "packer/builder.hpp"

namespace konvoy::packer {

struct TemplateInputs {
  Builder builder = Builder::null;
  value::Map variables;        ///< packer_vars.json
  std::string packer_version;  ///< "1.6.6"; decides about required_plugins (Packer 1.7 and newer)
  /// The command that works on the instance. Host, port, user, a key file and a password file are
  /// added to it as options.
  std::vector<std::string> command;
  /// The command that completes the record once Packer's manifest is written.
  std::vector<std::string> record_command;
  std::string manifest_output = "manifest.json";  ///< of Packer's manifest post-processor
};

/// The template as text. Every variable of packer_vars.json is declared; those that hold secrets
/// are marked as sensitive. The key and the password of the instance are handed over in files of
/// mode 0600 that end with the provisioner, never as arguments.
[[nodiscard]] std::string render_template(const TemplateInputs& inputs);

/// The version that `packer version` prints ("Packer v1.6.6"); empty when there is none in it.
[[nodiscard]] std::string parse_version(std::string_view output);

}  // namespace konvoy::packer
