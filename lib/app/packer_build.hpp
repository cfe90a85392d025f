// `konvoy-image build` through Packer: our template, the user's Packer.
#pragma once

#include <string>
#include <vector>

#include "base/event.hpp"
#include "base/result.hpp"
#include "execute/run_host.hpp"
#include "value/value.hpp"

namespace konvoy::app {

struct PackerRequest {
  std::string work_directory;  ///< holds config.yaml and packer_vars.json, as generate writes them
  std::string builder_type;    ///< packer_builder_type of the definition
  std::string packer = "packer";  ///< --packer-path
  std::string custom_template;    ///< --packer-manifest: a template of the user's own
  std::string on_error;           ///< --packer-on-error: cleanup, abort, run-cleanup-provisioner
  bool colour = false;
  bool only_validate = false;  ///< `packer validate`: nothing is built
  /// What the template calls on the instance; host and key are added to it.
  std::vector<std::string> step_command;
  /// What the template calls at the end; Packer's manifest is added to it.
  std::vector<std::string> record_command;
};

struct PackerArtifact {
  std::string builder;  ///< "amazon-ebs"
  std::string id;       ///< "us-west-2:ami-0123"; "VM" of the qemu builder, which makes files
  std::vector<std::string> files;  ///< as seen from the work directory
  bool operator==(const PackerArtifact&) const = default;
};

struct PackerBuilt {
  std::string template_path;
  std::string log;                        ///< Packer's whole output
  std::vector<PackerArtifact> artifacts;  ///< of this run, from Packer's manifest
};

/// Writes packer.pkr.hcl into the work directory and runs Packer there, with CHECKPOINT_DISABLE=1.
/// Packer's lines go to `events` as they come and into packer.log. When `stop` is asked, Packer is
/// interrupted as by Ctrl-C, and cleans up what it made.
/// Errors: input (the definition, a template that Packer refuses), run (Packer is not there or
/// failed, with the remedy), interrupted.
[[nodiscard]] base::Result<PackerBuilt> build_with_packer(const PackerRequest& request,
                                                          const base::EventSink& events,
                                                          const execute::StopRequest* stop);

/// The artifacts of the last run in what Packer's manifest post-processor wrote. Error of kind
/// input.
[[nodiscard]] base::Result<std::vector<PackerArtifact>> read_packer_manifest(
    const std::string& path);

/// {"builder","id"}, and "files" where there are any.
[[nodiscard]] value::Value to_value(const PackerArtifact& artifact);

}  // namespace konvoy::app
