// Rebooting hosts so that FIPS mode begins, without losing them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/hosts.hpp"
#include "base/event.hpp"
#include "execute/run_host.hpp"
#include "system/clock.hpp"
#include "verify/fips_signs.hpp"

namespace konvoy::app {

struct RebootHost {
  ChosenHost host;
  bool new_host_keys = false;  ///< fips.regenerate_host_keys: sshd gets new ones before
};

struct RebootRequest {
  std::vector<RebootHost> hosts;
  std::size_t max_unavailable = 1;  ///< hosts that are down at once
  std::chrono::seconds limit{900};  ///< for one host to come back
  std::string work_directory;       ///< is there; takes a known_hosts file a host
};

struct RebootServices {
  OpenTarget open;
  base::EventSink events;  ///< called from several threads
  const execute::StopRequest* stop = nullptr;
  system::Clock* clock = &system::real_clock();
};

struct RebootOutcome {
  std::string host;
  bool rebooted = false;  ///< went down and came back
  std::string detail;     ///< why not, and how to undo FIPS mode at the boot menu
  /// The host's public keys that sshd may still use in FIPS mode: "ecdsa-sha2-nistp256 AAAA...".
  std::vector<std::string> host_keys;
  std::optional<verify::FipsSigns> signs;  ///< of the host that came back
};

/// Reboots the hosts, at most `max_unavailable` at once, and waits for each. When one does not come
/// back no further one is taken down. In the order of `hosts`.
///
/// A known_hosts that knows only a host's ed25519 key would lock us out: sshd no longer shows that
/// key in FIPS mode. So the other public keys, new ones too, are read over the connection that is
/// still trusted, and only they are accepted afterwards.
[[nodiscard]] std::vector<RebootOutcome> reboot_hosts(const RebootRequest& request,
                                                      const RebootServices& services);

/// `host` with ssh arguments that accept the keys in this file and no others.
[[nodiscard]] ChosenHost with_known_hosts(ChosenHost host, const std::string& file);

}  // namespace konvoy::app
