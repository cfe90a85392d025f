// What the checks look at: facts, and a few things that only they ask for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "facts/host_facts.hpp"
#include "target/target.hpp"

namespace konvoy::preflight {

/// Another machine of the cluster, as this one reaches it.
struct Peer {
  std::string name;
  std::string address;
  bool operator==(const Peer&) const = default;
};

struct HostState {
  std::string name;
  std::string address;  ///< the one we reach it at; may be a name
  facts::HostFacts facts;
  std::int64_t clock_offset = 0;                ///< seconds that its clock is ahead of ours
  std::int64_t clock_uncertainty = 0;           ///< seconds that asking took
  bool kubeadm_has_run = false;                 ///< /var/lib/kubelet/config.yaml is there
  std::vector<std::string> leftovers;           ///< paths of an old cluster
  std::vector<std::uint16_t> listening;         ///< TCP ports, sorted
  std::map<std::string, std::string> settings;  ///< /proc/sys files -> value; missing: not there
  std::vector<std::string> missing_programs;
  std::vector<std::string> missing_services;
  std::vector<std::string> used_volumes;  ///< directories in /mnt/disks with files
  bool can_ping = true;                   ///< ping is installed
  std::vector<std::string> silent_peers;  ///< names of those that did not answer
  bool operator==(const HostState&) const = default;
};

/// Asks `target`: the facts, then everything else in one round (two where /mnt/disks has volumes).
/// The clock is compared with ours around the first round. Errors: those of the target; usage for
/// an image root, where nothing runs.
[[nodiscard]] base::Result<HostState> gather_state(target::Target& target, std::string address,
                                                   const std::vector<Peer>& peers);

/// The local ports in state LISTEN of /proc/net/tcp and tcp6.
[[nodiscard]] std::vector<std::uint16_t> parse_listening(std::string_view text);

}  // namespace konvoy::preflight
