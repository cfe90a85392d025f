#include "resource/package_manager.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "resource/inquiry.hpp"
#include "resource/package_digests.hpp"

namespace konvoy::resource {

using facts::PackageManager;

target::CommandProbe installed_probe(const std::vector<std::string>& names) {
  target::CommandProbe probe{.argv = {"rpm", "-q", "--qf", "%{NAME} %{VERSION}-%{RELEASE}\\n"}};
  probe.argv.insert(probe.argv.end(), names.begin(), names.end());
  return probe;
}

InstalledPackages parse_installed(std::string_view output) {
  InstalledPackages installed;
  for (const auto& line : base::split_lines(output)) {
    const auto words = base::split_words(line);
    // "package x is not installed" has more words
    if (words.size() == 2) installed.emplace(words[0], words[1]);
  }
  return installed;
}

std::variant<PackageGap, Refusal> gap_of(const PackageSet& set,
                                         const InstalledPackages& installed) {
  PackageGap gap;
  for (const auto& package : set.packages) {
    const auto [begin, end] = installed.equal_range(package.name);
    if (std::any_of(begin, end,
                    [&](const auto& one) { return is_version(one.second, package.version); })) {
      continue;
    }
    gap.specs.push_back(package.source.empty() ? spec_of(package) : package.source);
    if (begin == end) {
      gap.reasons.push_back(package.name + " is not installed");
      continue;
    }
    const auto& newest = std::prev(end)->second;
    if (base::compare_versions(newest, package.version) > 0) {
      return refuse(fmt::format("{} {} is installed, {} would be a downgrade", package.name, newest,
                                package.version),
                    "ask for the installed version, or remove the package first");
    }
    gap.reasons.push_back(
        fmt::format("{} is {}, must be {}", package.name, newest, package.version));
  }
  return gap;
}

std::vector<std::string> manager_command(const facts::HostFacts& facts, std::string_view answer,
                                         const std::string& only_repository) {
  std::vector<std::string> argv = {facts.package_manager == PackageManager::dnf ? "dnf" : "yum"};
  if (!answer.empty()) argv.emplace_back(answer);
  argv.insert(argv.end(),
              {"--setopt=gpgcheck=1", "--setopt=localpkg_gpgcheck=1", "--setopt=*.gpgcheck=1"});
  if (!only_repository.empty()) {
    argv.insert(argv.end(), {"--disablerepo=*", "--enablerepo=" + only_repository});
  }
  return argv;
}

std::vector<std::string> install_command(const PackageSet& set, const facts::HostFacts& facts,
                                         std::string_view answer,
                                         const std::vector<std::string>& specs,
                                         const std::vector<std::string>& options) {
  auto argv = manager_command(facts, answer, set.only_repository);
  if (needs_strong_digests(facts)) {
    argv.push_back(fmt::format("--setopt=cachedir={}", package_cache));
  }
  argv.insert(argv.end(), options.begin(), options.end());
  argv.emplace_back("install");
  argv.insert(argv.end(), specs.begin(), specs.end());
  return argv;
}

std::string end_of(const target::CommandAnswer& answer) {
  const auto text = base::trim(answer.err).empty() ? answer.out : answer.err;
  auto lines = base::split_lines(base::trim(text));
  constexpr std::size_t most = 6;
  if (lines.size() > most) lines.erase(lines.begin(), lines.end() - most);
  return base::join(lines, "; ");
}

bool asked_and_refused(const target::CommandAnswer& answer) {
  const auto both = answer.out + answer.err;
  return both.find("Operation aborted") != std::string::npos ||        // dnf 4
         both.find("Exiting on user command") != std::string::npos ||  // yum 3.4
         both.find("Exiting on user Command") != std::string::npos;
}

bool lacks_metadata_key(const target::CommandAnswer& answer) {
  const auto both = answer.out + answer.err;
  return both.find("repomd.xml GPG signature verification error") != std::string::npos ||  // dnf 4
         both.find("repomd.xml signature could not be verified") != std::string::npos;  // yum 3.4
}

std::vector<std::string> source_directories(const PackageSet& set) {
  std::vector<std::string> directories;
  for (const auto& package : set.packages) {
    if (!package.source.starts_with('/')) continue;
    directories.push_back(package.source.substr(0, package.source.rfind('/') + 1));
  }
  return directories;
}

std::vector<TransactionPackage> arriving_packages(const target::CommandAnswer& trial) {
  auto transaction = parse_transaction(trial.out);
  auto arriving = std::move(transaction.installed);
  arriving.insert(arriving.end(), transaction.upgraded.begin(), transaction.upgraded.end());
  return arriving;
}

std::optional<Decision> until_verifiable(const std::vector<TransactionPackage>& arriving,
                                         const target::CommandAnswer& stored,
                                         const std::vector<std::string>& reasons,
                                         target::RunCommand download) {
  const auto digests = parse_stored_packages(stored.out);
  if (auto refusal = weak_packages(arriving, digests)) return *std::move(refusal);
  if (all_stored(arriving, digests)) return std::nullopt;
  return Actions{
      .actions = {{std::move(download),
                   base::join(reasons, ", ") +
                       "; the machine is in FIPS mode: whether rpm can verify them is seen first",
                   {}}}};
}

}  // namespace konvoy::resource
