// Whether rpm in FIPS mode can verify packages that are about to be installed.
//
// rpm 4.14 and newer (EL 8) want a SHA-256 digest of a package's header and one of its payload
// there, since MD5 and SHA-1 are not to be had: "does not verify: no digest". rpmbuild before 4.14
// wrote neither.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resource/resource.hpp"
#include "resource/transaction.hpp"

namespace konvoy::resource {

/// Where dnf keeps what it downloads, unless its configuration says otherwise (dnf.conf(5)).
inline constexpr std::string_view package_cache = "/var/cache/dnf";

/// The machine runs in FIPS mode with such an rpm.
[[nodiscard]] bool needs_strong_digests(const facts::HostFacts& facts);

/// "/mnt/BaseOS" of "file:///mnt/BaseOS"; nothing for what is not on the machine itself.
[[nodiscard]] std::optional<std::string> local_directory(std::string_view url);

/// Asks for the digests of those of `packages` whose files are on the machine: in package_cache, in
/// the directories that repositories in /etc/yum.repos.d have as a file: URL (dnf installs from
/// there and keeps no copy), and in `more` directories; the newest file last.
[[nodiscard]] target::CommandProbe stored_packages(const std::vector<TransactionPackage>& packages,
                                                   const std::vector<std::string>& more = {});

/// NEVRA of a package -> it has both digests, from what stored_packages() printed.
using StrongDigests = std::map<std::string, bool>;
[[nodiscard]] StrongDigests parse_stored_packages(std::string_view output);

/// Whether the files of all packages were found, of which dnf keeps any.
[[nodiscard]] bool all_stored(const std::vector<TransactionPackage>& packages,
                              const StrongDigests& stored);

/// A refusal that names those of `packages` that rpm would not take.
[[nodiscard]] std::optional<Refusal> weak_packages(const std::vector<TransactionPackage>& packages,
                                                   const StrongDigests& stored);

}  // namespace konvoy::resource
