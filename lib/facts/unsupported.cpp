#include "facts/unsupported.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace konvoy::facts {
namespace {

constexpr std::array supported_ids{"rhel", "centos", "rocky", "almalinux", "ol"};
constexpr int oldest = 7;
constexpr int newest = 8;

base::Diagnostic refusal(std::string message, std::string hint) {
  return {.message = std::move(message), .hint = std::move(hint)};
}

std::string name_and_version(const HostFacts& facts) {
  return fmt::format("'{} {}'", facts.distribution, facts.distribution_version);
}

base::Diagnostic refuse_distribution(const HostFacts& facts) {
  constexpr auto use = "use Red Hat, CentOS, Rocky, AlmaLinux or Oracle Linux 7 or 8";
  if (facts.distribution.empty()) {
    return refusal("the operating system can't be told: /etc/os-release is missing or says nothing",
                   use);
  }
  return refusal(fmt::format("{} is not supported", name_and_version(facts)), use);
}

base::Diagnostic refuse_version(const HostFacts& facts) {
  if (facts.major_version == 0) {
    return refusal(fmt::format("the version of '{}' can't be told", facts.distribution),
                   "restore /etc/os-release and the distribution's release package");
  }
  const auto reason =
      facts.major_version < oldest
          ? "its OpenSSL, dracut and init predate what FIPS mode is built on"
      : facts.major_version == newest + 1
          ? "it keeps kernel arguments in each boot entry, and there are no FIPS packages of "
            "Kubernetes for it"
          : "FIPS mode can't be turned on after its installation";
  return refusal(fmt::format("{} is not supported: {}", name_and_version(facts), reason),
                 "use version 7 or 8");
}

}  // namespace

std::optional<base::Diagnostic> refuse_unsupported(const HostFacts& facts) {
  if (std::ranges::find(supported_ids, facts.os_id) == supported_ids.end()) {
    return refuse_distribution(facts);
  }
  if (facts.major_version < oldest || facts.major_version > newest) return refuse_version(facts);
  if (facts.ostree) {
    return refusal(
        "this is an rpm-ostree system: its boot entries and /usr are not changed in place",
        "change its image, or use 'rpm-ostree kargs --append=fips=1' for FIPS mode");
  }
  if (facts.architecture != "x86_64" && facts.architecture != "aarch64") {
    return refusal(fmt::format("architecture '{}' is not supported", facts.architecture),
                   "use x86_64 or aarch64");
  }
  if (facts.package_manager == PackageManager::none) {
    return refusal("neither dnf nor yum is there",
                   "install one: packages are only installed through the package manager");
  }
  return std::nullopt;
}

}  // namespace konvoy::facts
