// What a node's TLS services accept, judged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "target/target.hpp"
#include "tls/scan.hpp"
#include "verify/manifest.hpp"
#include "verify/report.hpp"

namespace konvoy::verify {

/// A service to ask. One that somebody asked for by name has to be there.
struct ServiceQuestion {
  ServiceEntry service;
  bool must_run = false;
};

/// kube-apiserver 6443, kubelet 10250, etcd 2379 and 2380 on localhost, whatever of them a node
/// has.
[[nodiscard]] std::vector<ServiceEntry> default_services();

/// The manifest's services, those of default_services() at other addresses, and `asked`
/// ("name=host:port"), each address once. Errors: kind usage for a text that is no such question.
[[nodiscard]] base::Result<std::vector<ServiceQuestion>> services_to_ask(
    const Manifest& manifest, const std::vector<std::string>& asked);

/// The ports that /proc/net/tcp or /proc/net/tcp6 shows as listened to. Pure.
[[nodiscard]] std::vector<std::uint16_t> parse_listening_ports(std::string_view text);

/// Scans one service through the target. What goes wrong is in the finding.
[[nodiscard]] ServiceFinding verify_service(target::Target& target, const ServiceQuestion& question,
                                            const tls::ScanLimits& limits = {});

}  // namespace konvoy::verify
