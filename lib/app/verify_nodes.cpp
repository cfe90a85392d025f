#include "app/verify_nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "system/clock.hpp"
#include "system/parallel.hpp"
#include "verify/node.hpp"
#include "verify/saved_images.hpp"
#include "verify/tools.hpp"

namespace konvoy::app {
namespace {

using base::ErrorKind;
using value::Map;
using value::Value;

base::Result<verify::Report> verify_one(const ChosenHost& host, const OpenTarget& open,
                                        const verify::SignedManifest& manifest,
                                        const verify::NodeOptions& options,
                                        verify::ContentMemory& memory) {
  KONVOY_TRY(const auto target, open(host));
  return verify::verify_node(*target, manifest, options, memory);
}

/// Tools that suit a node in FIPS mode: digests by the node's openssl; signatures too where the
/// node is this machine, else by ours, since content that came over ssh is judged here.
base::Result<verify::ContentTools> fips_tools(std::span<const ChosenHost> hosts) {
  KONVOY_TRY(auto tools, verify::node_tools());
  const bool here = std::all_of(hosts.begin(), hosts.end(), [](const ChosenHost& host) {
    return !host.root.empty() || host.host.name == "local";
  });
  if (here) return tools;
  KONVOY_TRY(auto own, verify::own_tools());
  own.digest_by_openssl = true;
  return own;
}

Value to_value(const VerifiedNode& node) {
  if (node.report) return verify::to_value(*node.report);
  Map map;
  map.set("result", Value("fail"));
  map.set("host", Value(node.name));
  map.set("error", Value(node.report.error().message()));
  return Value(std::move(map));
}

std::string_view outcome(const VerifiedNode& node) {
  if (node.report) return node.report->passed() ? "passed" : "FAILED";
  return node.report.error().kind == ErrorKind::unreachable ? "unreachable" : "not verified";
}

bool failed_with(const VerifiedNode& node, bool unreachable) {
  return !node.report && (node.report.error().kind == ErrorKind::unreachable) == unreachable;
}

}  // namespace

base::Result<std::vector<VerifiedNode>> verify_nodes(const VerifyRequest& request,
                                                     std::span<const ChosenHost> hosts,
                                                     const OpenTarget& open) {
  KONVOY_TRY(const auto manifest, verify::read_signed_manifest(request.manifest));
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       system::real_clock().now().time_since_epoch())
                       .count();
  KONVOY_CHECK(verify::check_dates(manifest.manifest, now));
  verify::NodeOptions options;
  KONVOY_TRY(options.services, verify::services_to_ask(manifest.manifest, request.services));
  KONVOY_TRY(options.tools, verify::own_tools());
  KONVOY_TRY(options.fips_tools, fips_tools(hosts));
  if (!request.image_archives.empty()) {
    // Archives are the same for every node: they are judged once, here.
    KONVOY_TRY(auto judged, verify::verify_saved_images(request.image_archives, manifest.manifest,
                                                        options.tools));
    options.judge_images = [judged = std::move(judged)](const verify::ContentTools&) {
      return base::Result<std::vector<verify::Component>>(judged);
    };
  }

  verify::ContentMemory memory;
  std::vector<std::optional<base::Result<verify::Report>>> reports(hosts.size());
  system::in_parallel(hosts.size(), request.at_once, [&](std::size_t i) {
    reports[i] = verify_one(hosts[i], open, manifest, options, memory);
  });
  std::vector<VerifiedNode> nodes;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    nodes.push_back({.name = hosts[i].name(), .report = std::move(*reports[i])});
  }
  return nodes;
}

Value to_value(const std::vector<VerifiedNode>& nodes) {
  if (nodes.size() == 1) return to_value(nodes.front());
  value::List hosts;
  for (const VerifiedNode& node : nodes) hosts.push_back(to_value(node));
  Map map;
  map.set("hosts", Value(std::move(hosts)));
  return Value(std::move(map));
}

std::string render_text(const std::vector<VerifiedNode>& nodes) {
  std::string text;
  for (const VerifiedNode& node : nodes) {
    if (!text.empty()) text += '\n';
    text += node.report
                ? verify::render_text(*node.report)
                : fmt::format("Host: {}\n  - {}\n", node.name, node.report.error().message());
  }
  if (nodes.size() < 2) return text;
  text += '\n';
  for (const VerifiedNode& node : nodes) {
    text += fmt::format("{:<14}{}\n", outcome(node), node.name);
  }
  return text;
}

int exit_code(const std::vector<VerifiedNode>& nodes) {
  const auto any = [&](auto matches) { return std::any_of(nodes.begin(), nodes.end(), matches); };
  if (any([](const auto& node) { return failed_with(node, false); })) return 3;
  if (any([](const auto& node) { return failed_with(node, true); })) return 4;
  return any([](const auto& node) { return !node.report->passed(); }) ? 1 : 0;
}

}  // namespace konvoy::app
