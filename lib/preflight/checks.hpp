// The checks by concern, each a pure function of one host; validate() puts them together.
#pragma once

#include <span>

#include "preflight/check.hpp"
#include "preflight/host_state.hpp"

namespace konvoy::preflight {

[[nodiscard]] Check check_os(const HostState& host);
[[nodiscard]] Check check_hostname(const HostState& host);
/// `all` are the hosts that were asked for together.
[[nodiscard]] Check check_unique_hostname(const HostState& host, std::span<const HostState> all);
/// Within 30 seconds of our clock, and so within a minute of each other.
[[nodiscard]] Check check_time(const HostState& host);
[[nodiscard]] Check check_cpu(const HostState& host);
[[nodiscard]] Check check_memory(const HostState& host);
[[nodiscard]] Check check_swap(const HostState& host);
[[nodiscard]] Check check_disk_usage(const HostState& host);
[[nodiscard]] Check check_disk_size(const HostState& host);

[[nodiscard]] Check check_service_subnet(const HostState& host, const Settings& settings);
[[nodiscard]] Check check_pod_subnet(const HostState& host, const Settings& settings);
[[nodiscard]] Check check_ports(const HostState& host, const Settings& settings);
[[nodiscard]] Check check_connectivity(const HostState& host);

[[nodiscard]] Check check_leftovers(const HostState& host);
[[nodiscard]] Check check_persistent_volumes(const HostState& host);
[[nodiscard]] Check check_kernel_settings(const HostState& host);
[[nodiscard]] Check check_services(const HostState& host);
[[nodiscard]] Check check_programs(const HostState& host);

}  // namespace konvoy::preflight
