// Packages of dnf (EL8) and yum (EL7), installed together in one transaction.
#pragma once

#include <string>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

struct Package {
  std::string name;
  /// "1.21.3-0" (exactly this), "1.4.11" (any release of it), or empty (any version).
  std::string version;
  /// The URL or path of the package itself, as the machine sees it; empty: from the repositories.
  std::string source = {};
  bool operator==(const Package&) const = default;
};

/// "kubelet-1.21.3-0", or the name alone.
[[nodiscard]] std::string spec_of(const Package& package);

/// Whether an installed version-release is the wanted one, see Package::version.
[[nodiscard]] bool is_version(std::string_view installed, std::string_view wanted);

/// All of them installed. The transaction is computed first: a downgrade, or the removal of
/// anything, is refused before it starts. Signatures are always checked (gpgcheck=1 for every
/// repository, whatever its file says). Where the keys of the repositories' metadata are not known
/// yet, accepting them is all that is decided: then the set is observed again (StepRunner does).
/// The same goes for the download on a machine in FIPS mode (package_digests.hpp).
struct PackageSet {
  std::vector<Package> packages;
  /// The id of the only repository that is used, also when it is disabled; empty: all that are
  /// enabled.
  std::string only_repository = {};
  /// false: dnf is started once, and its transaction is judged while it waits for an answer. Only
  /// in roots that nobody keeps when a step fails: what can't be resolved is not known before.
  bool tried_first = true;
  bool operator==(const PackageSet&) const = default;
};
[[nodiscard]] Decision decide(const PackageSet& set, const facts::HostFacts& facts,
                              const Observations& seen);
/// Called `title` in plans: "kubernetes".
[[nodiscard]] Resource as_resource(PackageSet set, std::string title);

/// None of them installed.
struct PackagesAbsent {
  std::vector<std::string> names;
  bool operator==(const PackagesAbsent&) const = default;
};
[[nodiscard]] Decision decide(const PackagesAbsent& set, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(PackagesAbsent set);

}  // namespace konvoy::resource
