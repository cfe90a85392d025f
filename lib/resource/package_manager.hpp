// How dnf and yum are asked, and what their answers mean: the parts that package_set.hpp and
// package_look.hpp share.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "resource/package_set.hpp"
#include "resource/resource.hpp"
#include "resource/transaction.hpp"

namespace konvoy::resource {

/// Metadata may have to be fetched, and another transaction may hold the lock meanwhile.
inline constexpr std::chrono::seconds resolve_timeout{900};
inline constexpr std::chrono::seconds transaction_timeout{3600};

/// Asks rpm for the versions of these packages.
[[nodiscard]] target::CommandProbe installed_probe(const std::vector<std::string>& names);

/// Name to version-release; a name with several versions (kernel) is there several times.
using InstalledPackages = std::multimap<std::string, std::string>;
/// What installed_probe() printed.
[[nodiscard]] InstalledPackages parse_installed(std::string_view output);

/// What a set still has to get.
struct PackageGap {
  std::vector<std::string> specs;    ///< for the package manager's command line
  std::vector<std::string> reasons;  ///< "kubelet is not installed"
};
/// What is missing or of another version; a Refusal when an installed one is newer.
[[nodiscard]] std::variant<PackageGap, Refusal> gap_of(const PackageSet& set,
                                                       const InstalledPackages& installed);

/// dnf or yum with its `answer` to every question ("-y", "--assumeno"; empty: it asks), checking
/// signatures; the subcommand comes next.
[[nodiscard]] std::vector<std::string> manager_command(const facts::HostFacts& facts,
                                                       std::string_view answer,
                                                       const std::string& only_repository = {});

/// The whole command that installs `specs` of `set`, with `options` before the subcommand.
[[nodiscard]] std::vector<std::string> install_command(
    const PackageSet& set, const facts::HostFacts& facts, std::string_view answer,
    const std::vector<std::string>& specs, const std::vector<std::string>& options = {});

/// The last lines of an answer, for a message.
[[nodiscard]] std::string end_of(const target::CommandAnswer& answer);

/// "--assumeno" ended it: everything could be resolved.
[[nodiscard]] bool asked_and_refused(const target::CommandAnswer& answer);

/// "--assumeno" also refuses the key that signs a repository's metadata (repo_gpgcheck), which the
/// package manager keeps per repository.
[[nodiscard]] bool lacks_metadata_key(const target::CommandAnswer& answer);

/// The option with which install_command() fills the cache and installs nothing.
inline constexpr auto download_only = "--downloadonly";

/// Where the packages are that are named by a path (Package::source).
[[nodiscard]] std::vector<std::string> source_directories(const PackageSet& set);

/// The packages that an answer to "--assumeno" says would come onto the machine.
[[nodiscard]] std::vector<TransactionPackage> arriving_packages(const target::CommandAnswer& trial);

/// What comes before the installation on a machine in FIPS mode (package_digests.hpp): `download`
/// while one of the `arriving` packages is not among the `stored` ones (what stored_packages()
/// printed); a Refusal when rpm could not verify one; nothing when all are there and good.
[[nodiscard]] std::optional<Decision> until_verifiable(
    const std::vector<TransactionPackage>& arriving, const target::CommandAnswer& stored,
    const std::vector<std::string>& reasons, target::RunCommand download);

}  // namespace konvoy::resource
