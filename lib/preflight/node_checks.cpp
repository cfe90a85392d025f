// What a node needs to have, and must not have from an earlier life.
#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "preflight/checks.hpp"

namespace konvoy::preflight {
namespace {

constexpr auto provision = "run 'konvoy-image provision'";

struct Setting {
  const char* path;
  const char* value;
};
constexpr std::array needed_settings{
    Setting{"/proc/sys/net/bridge/bridge-nf-call-iptables", "1"},
    Setting{"/proc/sys/net/ipv4/ip_forward", "1"},
};

}  // namespace

Check check_leftovers(const HostState& host) {
  if (host.kubeadm_has_run) {
    return {"leftovers", Status::skipped, "kubeadm has run here: the files are its own", ""};
  }
  if (!host.leftovers.empty()) {
    return {"leftovers", Status::failed, "an old cluster left " + base::join(host.leftovers, ", "),
            "save what is still needed, then: kubeadm reset, and remove them"};
  }
  return {"leftovers", Status::ok, "nothing is left of an old cluster", ""};
}

Check check_persistent_volumes(const HostState& host) {
  if (!host.used_volumes.empty()) {
    return {"persistent-volumes", Status::failed,
            "files of old persistent volumes are in " + base::join(host.used_volumes, ", "),
            "save what is still needed, and empty them"};
  }
  return {"persistent-volumes", Status::ok, "no volume in /mnt/disks has files", ""};
}

Check check_kernel_settings(const HostState& host) {
  std::vector<std::string> wrong;
  for (const auto& [path, value] : needed_settings) {
    const auto found = host.settings.find(path);
    if (found == host.settings.end()) {
      wrong.push_back(fmt::format("{} is not there", path));
    } else if (found->second != value) {
      wrong.push_back(fmt::format("{} is {}, not {}", path, found->second, value));
    }
  }
  if (!wrong.empty()) {
    return {"kernel-settings", Status::failed, base::join(wrong, "; "),
            fmt::format("{}: it loads br_netfilter and sets them", provision)};
  }
  return {"kernel-settings", Status::ok, "packets of pods are forwarded and filtered", ""};
}

Check check_services(const HostState& host) {
  if (!host.missing_services.empty()) {
    return {"services", Status::failed, "not installed: " + base::join(host.missing_services, ", "),
            provision};
  }
  return {"services", Status::ok, "kubelet and containerd are installed", ""};
}

Check check_programs(const HostState& host) {
  if (!host.missing_programs.empty()) {
    return {"programs", Status::failed, "not installed: " + base::join(host.missing_programs, ", "),
            provision};
  }
  return {"programs", Status::ok, "every program that Kubernetes calls is installed", ""};
}

}  // namespace konvoy::preflight
