// SELinux, the kernel's FIPS flag and the crypto policy.
#include "base/text.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

constexpr std::string_view enforce = "/sys/fs/selinux/enforce";
constexpr std::string_view selinux_config = "/etc/selinux/config";
constexpr std::string_view fips_flag = "/proc/sys/crypto/fips_enabled";
constexpr std::string_view policy = "/etc/crypto-policies/state/current";

std::vector<target::Probe> probes(bool live) {
  std::vector<target::Probe> all{target::ReadProbe{std::string(selinux_config)},
                                 target::ReadProbe{std::string(policy)}};
  if (live) {
    all.emplace_back(target::ReadProbe{std::string(enforce)});
    all.emplace_back(target::ReadProbe{std::string(fips_flag)});
  }
  return all;
}

// SELINUX= of /etc/selinux/config (selinux_config(5)).
Selinux configured(std::string_view text) {
  constexpr std::string_view name = "SELINUX=";
  auto mode = Selinux::disabled;
  for (const auto& line : base::split_lines(text)) {
    const auto assignment = base::trim(line);
    if (!assignment.starts_with(name)) continue;
    const auto word = base::trim(assignment.substr(name.size()));
    if (word == "enforcing") mode = Selinux::enforcing;
    if (word == "permissive") mode = Selinux::permissive;
    if (word == "disabled") mode = Selinux::disabled;
  }
  return mode;
}

void parse(const Answers& answers, HostFacts& facts) {
  const auto config = answers.text(selinux_config);
  if (answers.text(enforce)) {
    facts.selinux = answers.line(enforce) == "1" ? Selinux::enforcing : Selinux::permissive;
  } else if (config) {
    // A running kernel without the file system has SELinux off, whatever the configuration says.
    facts.selinux = facts.live ? Selinux::disabled : configured(*config);
  }
  if (answers.text(fips_flag)) facts.fips_enabled = answers.line(fips_flag) == "1";
  facts.crypto_policy = answers.line(policy);
}

}  // namespace

Family security_family() {
  return {.probes = probes, .parse = parse};
}

}  // namespace konvoy::facts
