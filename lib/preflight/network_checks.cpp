// Networks, ports, and whether the hosts reach each other.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "preflight/checks.hpp"

namespace konvoy::preflight {
namespace {

struct Port {
  std::uint16_t number;
  std::string_view user;
};

// What Kubernetes and Calico listen on, besides the API server (kubernetes.io "Ports and
// Protocols"; projectcalico.org "System requirements").
constexpr std::array ports{
    Port{10250, "kubelet"},
    Port{10248, "kubelet's health check"},
    Port{10249, "kube-proxy"},
    Port{10256, "kube-proxy's health check"},
    Port{10257, "kube-controller-manager"},
    Port{10259, "kube-scheduler"},
    Port{2379, "etcd"},
    Port{2380, "etcd"},
    Port{9091, "calico-node"},
    Port{9092, "calico-node"},
    Port{9099, "calico-node"},
    Port{179, "calico-node"},
};

// On a node that is part of a cluster the pod network's own addresses are there; only the one that
// we reach it at says where the node is.
std::vector<std::string> addresses_of(const HostState& host) {
  std::vector<std::string> all;
  if (!host.kubeadm_has_run) all = host.facts.addresses;
  if (std::ranges::find(all, host.address) == all.end()) all.push_back(host.address);
  return all;
}

Check check_subnets(std::string_view name, const std::vector<Subnet>& networks,
                    const HostState& host) {
  if (networks.empty()) return {std::string(name), Status::skipped, "no network was given", ""};
  std::vector<std::string> shown;
  for (const auto& network : networks) shown.push_back(network.text);
  for (const auto& text : addresses_of(host)) {
    const auto address = parse_address(text);
    if (!address) continue;
    if (const auto* network = overlapping(networks, *address)) {
      return {std::string(name), Status::failed,
              fmt::format("the host's address {} lies in {}", text, network->text),
              fmt::format("choose a network that no host is in: --{}", name)};
    }
  }
  return {std::string(name), Status::ok,
          fmt::format("no address of the host lies in {}", base::join(shown, ", ")), ""};
}

}  // namespace

Check check_service_subnet(const HostState& host, const Settings& settings) {
  for (const auto& network : settings.service_subnets) {
    if (const auto* pods = overlapping(settings.pod_subnets, network)) {
      return {"service-subnet", Status::failed,
              fmt::format("{} overlaps with the pod network {}", network.text, pods->text),
              "choose two networks apart: --service-subnet, --pod-subnet"};
    }
  }
  return check_subnets("service-subnet", settings.service_subnets, host);
}

Check check_pod_subnet(const HostState& host, const Settings& settings) {
  return check_subnets("pod-subnet", settings.pod_subnets, host);
}

Check check_ports(const HostState& host, const Settings& settings) {
  if (host.kubeadm_has_run) {
    return {"ports", Status::skipped, "kubeadm has run here: the ports are its own", ""};
  }
  std::vector<Port> needed{{settings.apiserver_port, "kube-apiserver"}};
  needed.insert(needed.end(), ports.begin(), ports.end());
  std::vector<std::string> taken;
  for (const auto& [number, user] : needed) {
    if (std::ranges::binary_search(host.listening, number)) {
      taken.push_back(fmt::format("{} ({})", number, user));
    }
  }
  if (!taken.empty()) {
    return {"ports", Status::failed, "in use: " + base::join(taken, ", "),
            "stop what listens there: ss -ltnp shows it"};
  }
  return {"ports", Status::ok, fmt::format("{} ports are free", needed.size()), ""};
}

Check check_connectivity(const HostState& host) {
  if (!host.can_ping) return {"connectivity", Status::skipped, "ping is not installed there", ""};
  if (!host.silent_peers.empty()) {
    return {"connectivity", Status::failed,
            "it gets no answer from " + base::join(host.silent_peers, ", "),
            "open the network between the hosts, ICMP too"};
  }
  return {"connectivity", Status::ok, "it reaches the hosts beside it", ""};
}

}  // namespace konvoy::preflight
