// The machine itself: system, name, clock, processors, memory, disks. The limits are those of
// konvoy-image-builder (ansible/group_vars/all/system.yaml, validate).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <vector>

#include "base/text.hpp"
#include "facts/mounts.hpp"
#include "facts/unsupported.hpp"
#include "preflight/checks.hpp"

namespace konvoy::preflight {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;
constexpr std::uint64_t gibibyte = 1U << 30U;
constexpr std::int64_t most_skew = 30;  // seconds
constexpr int least_cpus = 2;
constexpr std::uint64_t worker_memory = 2048 * mebibyte;
constexpr std::uint64_t control_plane_memory = 3072 * mebibyte;
constexpr std::uint64_t most_used_percent = 85;
constexpr std::uint64_t least_root_size = 78 * gibibyte;
// What a node fills: logs and images, containers, pods.
constexpr std::array filled_paths{"/", "/var", "/var/lib/containerd", "/var/lib/kubelet"};

std::vector<const facts::Mount*> filled_mounts(const facts::HostFacts& facts) {
  std::vector<const facts::Mount*> all;
  for (const auto* path : filled_paths) {
    const auto* mount = facts::mount_of(facts.mounts, path);
    if (mount == nullptr || mount->size_bytes == 0) continue;
    if (std::ranges::find(all, mount) == all.end()) all.push_back(mount);
  }
  return all;
}

std::uint64_t used_percent(const facts::Mount& mount) {
  const auto used = mount.size_bytes - std::min(mount.free_bytes, mount.size_bytes);
  return used * 100 / mount.size_bytes;
}

}  // namespace

Check check_os(const HostState& host) {
  if (auto refused = facts::refuse_unsupported(host.facts)) {
    return {"os", Status::failed, std::move(refused->message), std::move(refused->hint)};
  }
  return {
      "os", Status::ok,
      fmt::format("{} {} is supported", host.facts.distribution, host.facts.distribution_version),
      ""};
}

Check check_hostname(const HostState& host) {
  const auto& name = host.facts.hostname;
  constexpr auto fix = "set a name of its own: hostnamectl set-hostname NAME";
  if (name.empty() || name == "(none)" || name.starts_with("localhost")) {
    return {"hostname", Status::failed, fmt::format("the host has no name of its own ('{}')", name),
            fix};
  }
  // A node is called by its host name, which must be a DNS name (RFC 1123); kubelet takes lower
  // case.
  const bool dns = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  });
  constexpr std::size_t longest = 253;
  if (!dns || name.size() > longest || name[0] == '-' || name[0] == '.') {
    return {"hostname", Status::failed, fmt::format("'{}' is no DNS name", name), fix};
  }
  return {"hostname", Status::ok, fmt::format("it is called '{}'", name), ""};
}

Check check_unique_hostname(const HostState& host, std::span<const HostState> all) {
  const auto own = base::to_lower(host.facts.hostname);
  for (const auto& other : all) {
    if (&other == &host || base::to_lower(other.facts.hostname) != own) continue;
    return {"unique-hostnames", Status::failed,
            fmt::format("'{}' has the same host name '{}'", other.name, host.facts.hostname),
            "give each host a name of its own: hostnamectl set-hostname NAME"};
  }
  return {"unique-hostnames", Status::ok, "no other host has its name", ""};
}

Check check_time(const HostState& host) {
  if (host.facts.time == 0) return {"time", Status::skipped, "its clock could not be read", ""};
  const auto skew = std::abs(host.clock_offset);
  if (skew > most_skew + host.clock_uncertainty) {
    return {"time", Status::failed,
            fmt::format("its clock is {} seconds {} ours", skew,
                        host.clock_offset > 0 ? "ahead of" : "behind"),
            "set the clock and keep it right: systemctl enable --now chronyd"};
  }
  return {"time", Status::ok, "its clock agrees with ours", ""};
}

Check check_cpu(const HostState& host) {
  if (host.facts.cpus < least_cpus) {
    return {"cpu", Status::failed,
            fmt::format("it has {} cpu, a node needs {}", host.facts.cpus, least_cpus),
            "give the machine more cpus"};
  }
  return {"cpu", Status::ok, fmt::format("it has {} cpus", host.facts.cpus), ""};
}

Check check_memory(const HostState& host) {
  const auto memory = host.facts.memory_bytes;
  const auto has = fmt::format("it has {} MiB of memory", memory / mebibyte);
  constexpr auto fix = "give the machine more memory";
  if (memory < worker_memory) {
    return {"memory", Status::failed,
            fmt::format("{}, a worker needs {} MiB", has, worker_memory / mebibyte), fix};
  }
  if (memory < control_plane_memory) {
    return {"memory", Status::warning,
            fmt::format("{}, enough for a worker; a control plane node needs {} MiB", has,
                        control_plane_memory / mebibyte),
            fix};
  }
  return {"memory", Status::ok, has, ""};
}

Check check_swap(const HostState& host) {
  if (host.facts.swap_bytes > 0) {
    return {"swap", Status::failed,
            fmt::format("swap of {} MiB is on, which kubelet refuses",
                        host.facts.swap_bytes / mebibyte),
            "turn it off: swapoff -a, and take its lines out of /etc/fstab; provision does both"};
  }
  return {"swap", Status::ok, "swap is off", ""};
}

Check check_disk_usage(const HostState& host) {
  const auto mounts = filled_mounts(host.facts);
  if (mounts.empty()) return {"disk-usage", Status::skipped, "its disks could not be read", ""};
  for (const auto* mount : mounts) {
    if (used_percent(*mount) < most_used_percent) continue;
    return {"disk-usage", Status::failed,
            fmt::format("{} is {}% full; at {}% kubelet evicts pods", mount->path,
                        used_percent(*mount), most_used_percent),
            fmt::format("free space on {}, or enlarge it", mount->path)};
  }
  return {"disk-usage", Status::ok,
          fmt::format("every file system is less than {}% full", most_used_percent), ""};
}

Check check_disk_size(const HostState& host) {
  const auto* root = facts::mount_of(host.facts.mounts, "/");
  if (root == nullptr || root->size_bytes == 0) {
    return {"disk-size", Status::skipped, "the size of / could not be read", ""};
  }
  const auto size = root->size_bytes / gibibyte;
  if (root->size_bytes < least_root_size) {
    return {"disk-size", Status::warning,
            fmt::format("/ has {} GiB, less than the {} GiB that are advised", size,
                        least_root_size / gibibyte),
            "enlarge it, or give /var/lib/containerd a disk of its own"};
  }
  return {"disk-size", Status::ok, fmt::format("/ has {} GiB", size), ""};
}

}  // namespace konvoy::preflight
