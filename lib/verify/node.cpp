#include "verify/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "facts/gather.hpp"
#include "verify/fips_signs.hpp"
#include "verify/images.hpp"

namespace konvoy::verify {
namespace {

/// "1.21.6" of "1.21.6+fips.0", "1.21.6_fips.0-0" or "1.21.6-0": how the builds write metadata
/// differs, the release does not.
std::string_view release_of(std::string_view version) {
  return version.substr(0, version.find_first_of("+_-~"));
}

/// "8" of a manifest stands for every 8.x.
bool same_os_version(std::string_view wanted, std::string_view found) {
  return wanted == found || (wanted.find('.') == std::string_view::npos &&
                             found.starts_with(std::string(wanted) + '.'));
}

void compare_package(std::string_view what, const std::string& wanted,
                     std::initializer_list<const char*> packages, const facts::HostFacts& facts,
                     std::vector<std::string>& problems) {
  if (wanted.empty()) return;
  for (const char* name : packages) {
    const auto package = facts.packages.find(name);
    if (package == facts.packages.end()) continue;
    if (release_of(package->second) != release_of(wanted)) {
      problems.push_back(fmt::format("the manifest is for {} {}, the node has {}-{}", what, wanted,
                                     name, package->second));
    }
    return;
  }
}

base::Result<OsFinding> find_signs(target::Target& target, const facts::HostFacts& facts) {
  OsFinding finding;
  // A running kernel without the file is not in FIPS mode.
  if (facts.live) finding.fips_enabled = facts.fips_enabled.value_or(false);
  KONVOY_TRY(FipsSigns signs, check_fips_signs(target, facts));
  finding.passed = signs.passed();
  finding.signs = std::move(signs.signs);
  return finding;
}

base::Result<std::vector<Component>> verify_node_images(target::Target& target,
                                                        const Manifest& manifest,
                                                        const ContentTools& tools) {
  if (manifest.images.empty()) return std::vector<Component>{};
  KONVOY_TRY(const ImageStore store, node_images(target));
  return verify_images({&store, 1}, manifest, tools);
}

}  // namespace

std::vector<std::string> compare_with_node(const Manifest& manifest,
                                           const facts::HostFacts& facts) {
  std::vector<std::string> problems;
  if (manifest.os_id != facts.os_id ||
      !same_os_version(manifest.os_version, facts.distribution_version)) {
    problems.push_back(fmt::format("the manifest is for {} {}, the node is {} {}", manifest.os_id,
                                   manifest.os_version, facts.os_id, facts.distribution_version));
  }
  // An image root without a kernel does not tell; its files' digests will.
  if (!facts.architecture.empty() && manifest.architecture != facts.architecture) {
    problems.push_back(fmt::format("the manifest is for {}, the node is {}", manifest.architecture,
                                   facts.architecture));
  }
  compare_package("Kubernetes", manifest.kubernetes, {"kubelet", "kubeadm"}, facts, problems);
  compare_package("containerd", manifest.containerd, {"containerd.io", "containerd"}, facts,
                  problems);
  return problems;
}

base::Result<Report> verify_node(target::Target& target, const SignedManifest& manifest,
                                 const NodeOptions& options, ContentMemory& memory) {
  KONVOY_TRY(const facts::HostFacts facts, facts::gather(target));
  const bool fips = facts.live && facts.fips_enabled.value_or(false);
  const ContentTools& tools = fips ? options.fips_tools : options.tools;
  Report report{
      .host = facts.hostname.empty() ? target.name() : facts.hostname,
      .live = facts.live,
      .signed_by = manifest.signature.primary_fingerprint,
      .signer = manifest.signature.signer,
      .verified_by = manifest.verified_by,
      .os = fmt::format("{} {} {}", facts.os_id, facts.distribution_version, facts.architecture),
      .module_name = manifest.manifest.module_name,
      .module_certificate = manifest.manifest.module_certificate,
      .problems = compare_with_node(manifest.manifest, facts)};
  KONVOY_TRY(report.components, verify_files(target, manifest.manifest, tools, memory));
  KONVOY_TRY(auto images, options.judge_images
                              ? options.judge_images(tools)
                              : verify_node_images(target, manifest.manifest, tools));
  std::move(images.begin(), images.end(), std::back_inserter(report.components));
  KONVOY_TRY(report.extra_executables, find_extra_executables(target, manifest.manifest));
  if (facts.live) {
    for (const ServiceQuestion& question : options.services) {
      report.services.push_back(verify_service(target, question, options.limits));
    }
  }
  KONVOY_TRY(report.os_finding, find_signs(target, facts));
  return report;
}

}  // namespace konvoy::verify
