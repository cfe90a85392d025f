// What the running kernel does: its parameters, modules and swap.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// Kernel parameters: in a file for the next boot, and set now where a system runs.
struct Sysctl {
  std::string file;  ///< "/etc/sysctl.d/90-kubernetes.conf", ours as a whole
  std::vector<std::pair<std::string, std::string>> settings;
  /// Parameters that are set only where the running kernel has them (fs.may_detach_mounts is EL7's
  /// alone); in an image root they are written.
  std::vector<std::pair<std::string, std::string>> optional_settings;
  bool operator==(const Sysctl&) const = default;
};
/// "net.ipv4.ip_forward" -> "/proc/sys/net/ipv4/ip_forward".
[[nodiscard]] std::string parameter_path(std::string_view parameter);
[[nodiscard]] Decision decide(const Sysctl& sysctl, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Sysctl sysctl);

/// Modules that are loaded at boot, and now where a system runs.
struct KernelModules {
  std::string file;  ///< "/etc/modules-load.d/kubernetes.conf", ours as a whole
  std::vector<std::string> modules;
  bool operator==(const KernelModules&) const = default;
};
[[nodiscard]] Decision decide(const KernelModules& modules, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(KernelModules modules);

/// No swap: not in /etc/fstab, and none in use.
struct SwapOff {
  bool operator==(const SwapOff&) const = default;
};
/// /etc/fstab with its swap lines made comments.
[[nodiscard]] std::string without_swap(std::string_view fstab);
[[nodiscard]] Decision decide(const SwapOff& swap, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(SwapOff swap);

}  // namespace konvoy::resource
