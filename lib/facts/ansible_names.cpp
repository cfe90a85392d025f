#include <string>

#include "facts/host_facts.hpp"

namespace konvoy::facts {

value::Value ansible_names(const HostFacts& facts) {
  constexpr std::uint64_t mebibyte = 1U << 20U;
  value::Map map;
  map.set("ansible_distribution", facts.distribution);
  map.set("ansible_distribution_version", facts.distribution_version);
  map.set("ansible_distribution_major_version", std::to_string(facts.major_version));
  map.set("ansible_os_family", facts.os_family);
  map.set("ansible_architecture", facts.architecture);
  map.set("ansible_hostname", facts.hostname);
  map.set("ansible_kernel", facts.running_kernel);
  map.set("ansible_processor_vcpus", facts.cpus);
  map.set("ansible_memtotal_mb", static_cast<std::int64_t>(facts.memory_bytes / mebibyte));
  map.set("ansible_swaptotal_mb", static_cast<std::int64_t>(facts.swap_bytes / mebibyte));
  map.set("ansible_service_mgr", facts.init);
  map.set("ansible_fips", facts.fips_enabled.value_or(false));
  return map;
}

}  // namespace konvoy::facts
