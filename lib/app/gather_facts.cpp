#include "app/gather_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "facts/gather.hpp"
#include "facts/unsupported.hpp"
#include "system/parallel.hpp"

namespace konvoy::app {
namespace {

base::Result<facts::HostFacts> gather_one(const ChosenHost& host, const OpenTarget& open) {
  KONVOY_TRY(const auto target, open(host));
  return facts::gather(*target);
}

value::Value with_ansible_names(const facts::HostFacts& facts) {
  const auto own = to_value(facts);
  const auto ansible = ansible_names(facts);
  auto map = *own.map();
  for (const auto& entry : ansible.map()->entries()) map.set(entry);
  return map;
}

std::string gibibytes(std::uint64_t bytes) {
  constexpr double gibibyte = 1024.0 * 1024.0 * 1024.0;
  return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / gibibyte);
}

std::string kernel_line(const facts::HostFacts& facts) {
  std::vector<std::string> all;
  for (const auto& kernel : facts.kernels) {
    all.push_back(kernel.release + (kernel.running ? " (running)" : ""));
  }
  return all.empty() ? "none" : base::join(all, ", ");
}

std::string boot_line(const facts::BootLayout& boot) {
  auto line = boot.separate_boot
                  ? fmt::format("/boot is {} {}", boot.boot_fs_type,
                                boot.boot_uuid.empty() ? "without a known UUID" : boot.boot_uuid)
                  : std::string("/boot is in the root file system");
  line += boot.uefi ? ", UEFI" : ", BIOS";
  if (!boot.grub_configs.empty()) line += ", " + base::join(boot.grub_configs, ", ");
  if (!boot.bls_entries.empty()) line += fmt::format(", {} boot entries", boot.bls_entries.size());
  return line;
}

std::string fips_line(const facts::HostFacts& facts) {
  std::string kernel = "unknown";
  if (facts.fips_enabled) kernel = *facts.fips_enabled ? "on" : "off";
  return fmt::format("kernel {}, crypto policy {}", kernel,
                     facts.crypto_policy.empty() ? "none" : facts.crypto_policy);
}

std::string text_of(const facts::HostFacts& facts) {
  std::string out;
  const auto line = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("  {:<12}{}\n", name, value);
  };
  line("system", fmt::format("{} {}, {}{}", facts.distribution, facts.distribution_version,
                             facts.architecture, facts.live ? "" : ", an image root"));
  if (const auto refused = refuse_unsupported(facts)) line("supported", "no: " + refused->message);
  line("hostname", facts.hostname);
  line("kernels", kernel_line(facts));
  line("boot", boot_line(facts.boot));
  line("fips", fips_line(facts));
  line("selinux", std::string(name_of(facts.selinux)));
  line("packages",
       fmt::format("{}, {} installed", name_of(facts.package_manager), facts.packages.size()));
  if (facts.live) {
    line("hardware", fmt::format("{} cpus, {} memory, {} swap", facts.cpus,
                                 gibibytes(facts.memory_bytes), gibibytes(facts.swap_bytes)));
    line("init", facts.init);
    line("addresses", base::join(facts.addresses, ", "));
  }
  if (facts.joined_cluster) line("cluster", "part of one");
  line("unread", base::join(facts.unread, "; "));
  return out;
}

}  // namespace

std::vector<GatheredFacts> gather_facts(std::span<const ChosenHost> hosts, const OpenTarget& open,
                                        std::size_t at_once) {
  std::vector<GatheredFacts> all;
  for (const auto& host : hosts) all.push_back({host.name(), facts::HostFacts{}});
  system::in_parallel(hosts.size(), at_once,
                      [&](std::size_t i) { all[i].facts = gather_one(hosts[i], open); });
  return all;
}

value::Value to_value(const std::vector<GatheredFacts>& gathered) {
  value::List hosts;
  for (const auto& [name, facts] : gathered) {
    value::Map host;
    host.set("name", name);
    host.set("reachable", facts.ok());
    if (facts) {
      host.set("facts", with_ansible_names(*facts));
    } else {
      host.set("error", facts.error().message());
    }
    hosts.emplace_back(std::move(host));
  }
  value::Map all;
  all.set("hosts", std::move(hosts));
  return all;
}

std::string render_text(const std::vector<GatheredFacts>& gathered) {
  std::string out;
  for (const auto& [name, facts] : gathered) {
    out += name + "\n";
    out +=
        facts ? text_of(*facts) : fmt::format("  {:<12}{}\n", "no answer", facts.error().message());
  }
  return out;
}

int exit_code(const std::vector<GatheredFacts>& gathered) {
  constexpr int wrong_input = 2;
  constexpr int run_failed = 3;
  constexpr int unreachable = 4;
  int code = 0;
  for (const auto& [name, facts] : gathered) {
    if (facts) continue;
    const auto kind = facts.error().kind;
    if (kind == base::ErrorKind::input || kind == base::ErrorKind::usage) return wrong_input;
    if (kind != base::ErrorKind::unreachable) code = run_failed;
    else if (code == 0) code = unreachable;
  }
  return code;
}

}  // namespace konvoy::app
