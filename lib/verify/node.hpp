// Everything that is asked of one node, put together.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "facts/host_facts.hpp"
#include "target/target.hpp"
#include "tls/scan.hpp"
#include "verify/files.hpp"
#include "verify/report.hpp"
#include "verify/services.hpp"
#include "verify/signed_manifest.hpp"

namespace konvoy::verify {

struct NodeOptions {
  ContentTools tools;
  ContentTools fips_tools;  ///< in place of `tools` on a node in FIPS mode
  std::vector<ServiceQuestion> services;
  tls::ScanLimits limits;
  /// Judges the images elsewhere than in the node's containerd; empty: there.
  std::function<base::Result<std::vector<Component>>(const ContentTools& tools)> judge_images;
};

/// Why a manifest is none for a node: another operating system, architecture or release. Versions
/// of Kubernetes and containerd are those of the installed packages; without packages the files'
/// digests alone tell.
[[nodiscard]] std::vector<std::string> compare_with_node(const Manifest& manifest,
                                                         const facts::HostFacts& facts);

/// Verifies one node. Changes nothing on it. Errors: those of the target; what is wrong with the
/// node is in the report.
[[nodiscard]] base::Result<Report> verify_node(target::Target& target,
                                               const SignedManifest& manifest,
                                               const NodeOptions& options, ContentMemory& memory);

}  // namespace konvoy::verify
