#include "preflight/validate.hpp"

#include <algorithm>
#include <utility>

#include "preflight/checks.hpp"

namespace konvoy::preflight {
namespace {

std::vector<Check> all_checks(const HostState& host, std::span<const HostState> all,
                              const Settings& settings) {
  return {
      check_os(host),
      check_hostname(host),
      check_unique_hostname(host, all),
      check_time(host),
      check_cpu(host),
      check_memory(host),
      check_swap(host),
      check_disk_usage(host),
      check_disk_size(host),
      check_service_subnet(host, settings),
      check_pod_subnet(host, settings),
      check_ports(host, settings),
      check_connectivity(host),
      check_leftovers(host),
      check_persistent_volumes(host),
      check_kernel_settings(host),
      check_services(host),
      check_programs(host),
  };
}

void ignore(Check& check, const Settings& settings) {
  const bool told = check.status == Status::failed || check.status == Status::warning;
  if (!told || !settings.ignored.contains(check.name)) return;
  check.status = Status::skipped;
  check.reason = "ignored: " + check.reason;
}

}  // namespace

std::vector<std::vector<Check>> validate(std::span<const HostState> hosts,
                                         const Settings& settings) {
  std::vector<std::vector<Check>> reports;
  for (const auto& host : hosts) {
    auto checks = all_checks(host, hosts, settings);
    for (auto& check : checks) ignore(check, settings);
    reports.push_back(std::move(checks));
  }
  return reports;
}

bool passed(const std::vector<Check>& checks) {
  return std::ranges::none_of(checks,
                              [](const Check& check) { return check.status == Status::failed; });
}

}  // namespace konvoy::preflight
