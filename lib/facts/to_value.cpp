#include <string>
#include <utility>

#include "facts/host_facts.hpp"

namespace konvoy::facts {
namespace {

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

value::Value texts(const std::vector<std::string>& all) {
  return value::List(all.begin(), all.end());
}

value::Value boot_value(const BootLayout& boot) {
  value::Map map;
  map.set("separate_boot", boot.separate_boot);
  map.set("boot_uuid", boot.boot_uuid);
  map.set("boot_fs_type", boot.boot_fs_type);
  map.set("free_bytes", number(boot.free_bytes));
  map.set("uefi", boot.uefi);
  map.set("grub_configs", texts(boot.grub_configs));
  map.set("grubenv", boot.grubenv);
  map.set("bls_entries", texts(boot.bls_entries));
  map.set("bls_enabled", boot.bls_enabled);
  return map;
}

value::Value kernels_value(const std::vector<Kernel>& kernels) {
  value::List all;
  for (const auto& kernel : kernels) {
    value::Map map;
    map.set("release", kernel.release);
    map.set("image", kernel.image);
    map.set("running", kernel.running);
    all.emplace_back(std::move(map));
  }
  return all;
}

value::Value mounts_value(const std::vector<Mount>& mounts) {
  value::List all;
  for (const auto& mount : mounts) {
    value::Map map;
    map.set("path", mount.path);
    map.set("device", mount.device);
    map.set("type", mount.type);
    map.set("uuid", mount.uuid);
    map.set("size_bytes", number(mount.size_bytes));
    map.set("free_bytes", number(mount.free_bytes));
    all.emplace_back(std::move(map));
  }
  return all;
}

value::Value packages_value(const std::map<std::string, std::string>& packages) {
  value::Map map;
  for (const auto& [name, version] : packages) map.set(name, version);
  return map;
}

void set_system(value::Map& map, const HostFacts& facts) {
  map.set("live", facts.live);
  map.set("hostname", facts.hostname);
  map.set("distribution", facts.distribution);
  map.set("distribution_version", facts.distribution_version);
  map.set("major_version", facts.major_version);
  map.set("os_family", facts.os_family);
  map.set("os_id", facts.os_id);
  map.set("architecture", facts.architecture);
  map.set("running_kernel", facts.running_kernel);
  map.set("kernels", kernels_value(facts.kernels));
  map.set("boot", boot_value(facts.boot));
  map.set("mounts", mounts_value(facts.mounts));
  map.set("memory_bytes", number(facts.memory_bytes));
  map.set("swap_bytes", number(facts.swap_bytes));
  map.set("cpus", facts.cpus);
  map.set("cpu_flags", texts(facts.cpu_flags));
}

}  // namespace

value::Value to_value(const HostFacts& facts, bool with_packages) {
  value::Map map;
  set_system(map, facts);
  map.set("selinux", name_of(facts.selinux));
  map.set("fips_enabled", facts.fips_enabled ? value::Value(*facts.fips_enabled) : value::Value());
  map.set("kernel_command_line", facts.kernel_command_line);
  map.set("crypto_policy", facts.crypto_policy);
  map.set("package_manager", name_of(facts.package_manager));
  if (with_packages) map.set("packages", packages_value(facts.packages));
  map.set("init", facts.init);
  map.set("boot_id", facts.boot_id);
  map.set("time", facts.time);
  map.set("addresses", texts(facts.addresses));
  map.set("ostree", facts.ostree);
  map.set("joined_cluster", facts.joined_cluster);
  map.set("unread", texts(facts.unread));
  return map;
}

std::string_view name_of(Selinux selinux) {
  switch (selinux) {
    case Selinux::absent: return "absent";
    case Selinux::disabled: return "disabled";
    case Selinux::permissive: return "permissive";
    case Selinux::enforcing: break;
  }
  return "enforcing";
}

std::string_view name_of(PackageManager manager) {
  switch (manager) {
    case PackageManager::none: return "none";
    case PackageManager::dnf: return "dnf";
    case PackageManager::yum: break;
  }
  return "yum";
}

}  // namespace konvoy::facts
