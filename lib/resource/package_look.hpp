// Before anything else is changed: whether a machine that runs in FIPS mode can verify what is
// going to be installed.
#pragma once

#include <string>
#include <vector>

#include "resource/package_set.hpp"
#include "resource/repository.hpp"
#include "resource/resource.hpp"

namespace konvoy::resource {

/// Downloads what a PackageSet would install into the package manager's cache, unless a repository
/// on the machine itself has it, and refuses packages without the digests that rpm needs there
/// (package_digests.hpp). For machines of which needs_strong_digests() holds.
///
/// What can't be resolved now is left to the PackageSet, with a warning: the machine's own
/// repositories may be mended by the steps in between.
struct PackageLook {
  PackageSet set;
  /// Repositories that later steps write, used here where their files are not there yet.
  std::vector<Repository> repositories;
  std::string proxy;  ///< "http://proxy:3128"; empty: the package manager's own
  /// A later step leads the machine's own repositories to CentOS's vault (centos_vault.hpp).
  bool vault = false;
  bool operator==(const PackageLook&) const = default;
};
[[nodiscard]] Decision decide(const PackageLook& look, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(PackageLook look);

}  // namespace konvoy::resource
