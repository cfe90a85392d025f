#include "resource/package_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "resource/inquiry.hpp"
#include "resource/package_digests.hpp"
#include "resource/transaction.hpp"

namespace konvoy::resource {
namespace {

using facts::PackageManager;

// Metadata may have to be fetched, and another transaction may hold the lock meanwhile.
constexpr std::chrono::seconds resolve_timeout{900};
constexpr std::chrono::seconds transaction_timeout{3600};

target::CommandProbe installed_probe(const std::vector<std::string>& names) {
  target::CommandProbe probe{.argv = {"rpm", "-q", "--qf", "%{NAME} %{VERSION}-%{RELEASE}\\n"}};
  probe.argv.insert(probe.argv.end(), names.begin(), names.end());
  return probe;
}

// Name to version-release; a name with several versions (kernel) is there several times.
using Installed = std::multimap<std::string, std::string>;

Installed parse_installed(std::string_view output) {
  Installed installed;
  for (const auto& line : base::split_lines(output)) {
    const auto words = base::split_words(line);
    // "package x is not installed" has more words
    if (words.size() == 2) installed.emplace(words[0], words[1]);
  }
  return installed;
}

std::vector<std::string> manager_command(const facts::HostFacts& facts, std::string_view answer,
                                         const std::string& only_repository = {}) {
  std::vector<std::string> argv = {facts.package_manager == PackageManager::dnf ? "dnf" : "yum",
                                   std::string(answer), "--setopt=gpgcheck=1",
                                   "--setopt=localpkg_gpgcheck=1", "--setopt=*.gpgcheck=1"};
  if (!only_repository.empty()) {
    argv.insert(argv.end(), {"--disablerepo=*", "--enablerepo=" + only_repository});
  }
  return argv;
}

std::vector<std::string> install_command(const PackageSet& set, const facts::HostFacts& facts,
                                         std::string_view answer,
                                         const std::vector<std::string>& specs) {
  auto argv = manager_command(facts, answer, set.only_repository);
  if (needs_strong_digests(facts)) {
    argv.push_back(fmt::format("--setopt=cachedir={}", package_cache));
  }
  argv.emplace_back("install");
  argv.insert(argv.end(), specs.begin(), specs.end());
  return argv;
}

// The last lines, for a message.
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

// "--assumeno" also refuses the key that signs a repository's metadata (repo_gpgcheck), which the
// package manager keeps per repository.
bool lacks_metadata_key(const target::CommandAnswer& answer) {
  const auto both = answer.out + answer.err;
  return both.find("repomd.xml GPG signature verification error") != std::string::npos ||  // dnf 4
         both.find("repomd.xml signature could not be verified") != std::string::npos;  // yum 3.4
}

Actions accept_metadata_keys(const PackageSet& set, const facts::HostFacts& facts) {
  auto argv = manager_command(facts, "-y", set.only_repository);
  argv.emplace_back("makecache");
  return {
      .actions = {{target::RunCommand{
                       .argv = std::move(argv), .timeout = resolve_timeout, .needs_network = true},
                   "the keys of the repositories' metadata are not known yet",
                   {}}}};
}

struct Gap {
  std::vector<std::string> specs;
  std::vector<std::string> reasons;
};

// What is missing or of another version; a Refusal when an installed one is newer.
std::variant<Gap, Refusal> gap_of(const PackageSet& set, const Installed& installed) {
  Gap gap;
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

std::vector<std::string> arriving_packages(const Transaction& transaction) {
  auto names = transaction.installed;
  names.insert(names.end(), transaction.upgraded.begin(), transaction.upgraded.end());
  return names;
}

// To look at the packages before any of them is installed.
Actions download(const PackageSet& set, const facts::HostFacts& facts, const Gap& gap) {
  auto argv = install_command(set, facts, "-y", gap.specs);
  argv.insert(argv.end() - static_cast<std::ptrdiff_t>(gap.specs.size()), "--downloadonly");
  return {.actions = {
              {target::RunCommand{
                   .argv = std::move(argv), .timeout = transaction_timeout, .needs_network = true},
               base::join(gap.reasons, ", ") +
                   "; the machine is in FIPS mode: whether rpm can verify them is seen first",
               {}}}};
}

std::optional<Refusal> objection(const target::CommandAnswer& answer) {
  if (answer.status != 0 && !asked_and_refused(answer)) {
    return refuse("the packages can't be resolved: " + end_of(answer),
                  "check the repositories: 'dnf repolist -v' on the host shows what they offer");
  }
  const auto transaction = parse_transaction(answer.out);
  if (!transaction.downgraded.empty()) {
    return refuse("the transaction would downgrade " + base::join(transaction.downgraded, ", "),
                  "pin versions that go with what is installed");
  }
  if (!transaction.removed.empty()) {
    return refuse("the transaction would remove " + base::join(transaction.removed, ", "),
                  "remove them yourself if they may go, then run again");
  }
  return std::nullopt;
}

}  // namespace

std::string spec_of(const Package& package) {
  return package.version.empty() ? package.name : package.name + "-" + package.version;
}

bool is_version(std::string_view installed, std::string_view wanted) {
  if (wanted.empty() || installed == wanted) return true;
  return wanted.find('-') == std::string_view::npos &&
         installed.substr(0, installed.find('-')) == wanted;
}

Decision decide(const PackageSet& set, const facts::HostFacts& facts, const Observations& seen) {
  if (facts.package_manager == PackageManager::none) {
    return refuse("there is neither dnf nor yum");
  }
  std::vector<std::string> names;
  for (const auto& package : set.packages) names.push_back(package.name);
  Inquiry ask(seen);
  const auto* rpm = ask.command(installed_probe(names));
  if (auto open = ask.open()) return *std::move(open);
  auto found = gap_of(set, parse_installed(rpm->out));
  if (auto* refusal = std::get_if<Refusal>(&found)) return *refusal;
  const auto& gap = std::get<Gap>(found);
  if (gap.specs.empty()) return Actions{};

  const bool careful = needs_strong_digests(facts);
  const auto* trial = ask.command(
      {.argv = install_command(set, facts, "--assumeno", gap.specs), .timeout = resolve_timeout});
  const auto* cached = careful ? ask.command(cached_packages()) : nullptr;
  if (auto open = ask.open()) return *std::move(open);
  if (lacks_metadata_key(*trial)) return accept_metadata_keys(set, facts);
  if (auto refusal = objection(*trial)) return *std::move(refusal);
  if (careful) {
    const auto arriving = arriving_packages(parse_transaction(trial->out));
    const auto digests = parse_cached_packages(cached->out);
    if (auto refusal = weak_packages(arriving, digests)) return *std::move(refusal);
    if (!not_cached(arriving, digests).empty()) return download(set, facts, gap);
  }
  return Actions{{{target::RunCommand{.argv = install_command(set, facts, "-y", gap.specs),
                                      .timeout = transaction_timeout,
                                      .detached = true,
                                      .needs_network = true},
                   base::join(gap.reasons, ", "),
                   {}}}};
}

Decision decide(const PackagesAbsent& set, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto* rpm = ask.command(installed_probe(set.names));
  if (auto open = ask.open()) return *std::move(open);
  std::vector<std::string> there;
  for (const auto& [name, version] : parse_installed(rpm->out)) there.push_back(name);
  if (there.empty()) return Actions{};
  auto argv = manager_command(facts, "-y");
  argv.emplace_back("remove");
  argv.insert(argv.end(), there.begin(), there.end());
  return Actions{{{target::RunCommand{
                       .argv = std::move(argv), .timeout = transaction_timeout, .detached = true},
                   base::join(there, ", ") + " must not be installed",
                   {}}}};
}

Resource as_resource(PackageSet set, std::string title) {
  return wrap("package", std::move(title), std::move(set));
}
Resource as_resource(PackagesAbsent set) {
  auto name = "not " + base::join(set.names, ", ");
  return wrap("package", std::move(name), std::move(set));
}

}  // namespace konvoy::resource
