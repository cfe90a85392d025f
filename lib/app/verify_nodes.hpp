// `konvoy-image verify`: the nodes of a cluster against their manifest.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "app/hosts.hpp"
#include "base/result.hpp"
#include "value/value.hpp"
#include "verify/report.hpp"
#include "verify/signed_manifest.hpp"

namespace konvoy::app {

struct VerifyRequest {
  verify::ManifestSource manifest;
  std::vector<std::string> services;  ///< "NAME=HOST:PORT"
  /// Files with the images, looked into in place of the nodes' containerd; empty: there.
  std::vector<std::string> image_archives;
  std::size_t at_once = 10;  ///< hosts
};

/// One machine and what was found, or why nothing could be.
struct VerifiedNode {
  std::string name;
  base::Result<verify::Report> report;
};

/// Checks the manifest once, then all machines, in the order of `hosts`. A machine that does not
/// answer does not stop the others. Errors: the manifest (input, run) and the services (usage).
[[nodiscard]] base::Result<std::vector<VerifiedNode>> verify_nodes(
    const VerifyRequest& request, std::span<const ChosenHost> hosts, const OpenTarget& open);

/// The report of the one machine, or {"hosts": [...]}.
[[nodiscard]] value::Value to_value(const std::vector<VerifiedNode>& nodes);

/// The reports, and with several machines a table at the end.
[[nodiscard]] std::string render_text(const std::vector<VerifiedNode>& nodes);

/// 3 when a machine failed to be looked at, else 4 when one was unreachable, else 1 when one did
/// not pass, else 0.
[[nodiscard]] int exit_code(const std::vector<VerifiedNode>& nodes);

}  // namespace konvoy::app
