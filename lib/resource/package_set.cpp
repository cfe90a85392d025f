#include "resource/package_set.hpp"

#include "base/text.hpp"
#include "resource/inquiry.hpp"
#include "resource/package_digests.hpp"
#include "resource/package_manager.hpp"
#include "resource/transaction.hpp"

namespace konvoy::resource {
namespace {

using facts::PackageManager;

Actions accept_metadata_keys(const PackageSet& set, const facts::HostFacts& facts) {
  auto argv = manager_command(facts, "-y", set.only_repository);
  argv.emplace_back("makecache");
  return {
      .actions = {{target::RunCommand{
                       .argv = std::move(argv), .timeout = resolve_timeout, .needs_network = true},
                   "the keys of the repositories' metadata are not known yet",
                   {}}}};
}

std::optional<Refusal> refused_transaction(std::string_view output) {
  const auto transaction = parse_transaction(output);
  if (!transaction.downgraded.empty()) {
    return refuse("the transaction would downgrade " + names_of(transaction.downgraded),
                  "pin versions that go with what is installed");
  }
  if (!transaction.removed.empty()) {
    return refuse("the transaction would remove " + names_of(transaction.removed),
                  "remove them yourself if they may go, then run again");
  }
  return std::nullopt;
}

// What dnf asks before the summary is whether it may take a key, of metadata.
std::optional<base::Diagnostic> objection(std::string_view output) {
  const bool summed_up = output.find("Transaction Summary") != std::string_view::npos;
  if (!summed_up && output.find("Importing GPG key") == std::string_view::npos) {
    return base::Diagnostic{.message = "dnf asks without saying what it would do"};
  }
  auto refusal = refused_transaction(output);
  if (!refusal) return std::nullopt;
  return std::move(refusal->problem);
}

// What a configuration may say otherwise: it asks, no is what counts without an answer, and it says
// what it would do.
std::vector<std::string> asking_options() {
  return {"--setopt=assumeyes=0", "--setopt=defaultyes=0", "--setopt=debuglevel=2"};
}

std::optional<Refusal> refused_trial(const target::CommandAnswer& answer) {
  if (answer.status != 0 && !asked_and_refused(answer)) {
    return refuse("the packages can't be resolved: " + end_of(answer),
                  "check the repositories: 'dnf repolist -v' on the host shows what they offer");
  }
  return refused_transaction(answer.out);
}

Actions install(target::RunCommand command, const PackageGap& gap) {
  command.timeout = transaction_timeout;
  command.needs_network = true;
  return Actions{{{std::move(command), base::join(gap.reasons, ", "), {}}}};
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
  const auto& gap = std::get<PackageGap>(found);
  if (gap.specs.empty()) return Actions{};

  if (!set.tried_first && facts.package_manager == PackageManager::dnf) {
    return install({.argv = install_command(set, facts, "", gap.specs, asking_options()),
                    .objection = objection},
                   gap);
  }
  const auto* trial = ask.command({.argv = install_command(set, facts, "--assumeno", gap.specs),
                                   .timeout = resolve_timeout,
                                   .needs_network = true});
  if (auto open = ask.open()) return *std::move(open);
  if (lacks_metadata_key(*trial)) return accept_metadata_keys(set, facts);
  if (auto refusal = refused_trial(*trial)) return *std::move(refusal);
  if (needs_strong_digests(facts)) {
    const auto arriving = arriving_packages(*trial);
    const auto* stored = ask.command(stored_packages(arriving, source_directories(set)));
    if (auto open = ask.open()) return *std::move(open);
    auto first =
        until_verifiable(arriving, *stored, gap.reasons,
                         {.argv = install_command(set, facts, "-y", gap.specs, {download_only}),
                          .timeout = transaction_timeout,
                          .needs_network = true});
    if (first) return *std::move(first);
  }
  return install({.argv = install_command(set, facts, "-y", gap.specs), .detached = true}, gap);
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
