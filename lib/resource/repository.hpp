// Where packages come from, and which versions they stay at.
#pragma once

#include <string>
#include <vector>

#include "resource/package_set.hpp"
#include "resource/resource.hpp"

namespace konvoy::resource {

/// One repository in a file of its own, /etc/yum.repos.d/ID.repo. Packages are always checked
/// against its keys.
struct Repository {
  std::string id;    ///< "kubernetes": the section and the file's name
  std::string name;  ///< for people
  std::string base_url;
  std::vector<std::string> keys;  ///< URLs of public keys, also file:///...
  bool check_metadata = false;    ///< repo_gpgcheck: repomd.xml.asc must be there and good
  std::string proxy;              ///< "http://proxy:3128"; empty: the package manager's own
  bool enabled = true;            ///< false: only for those who name it
  bool module_hotfixes = false;   ///< packages also count where a module of EL8 has the same
  std::string options;            ///< further lines, each with its newline
  bool operator==(const Repository&) const = default;
};
/// "/etc/yum.repos.d/kubernetes.repo".
[[nodiscard]] std::string file_of(const Repository& repository);
/// The whole file.
[[nodiscard]] std::string render(const Repository& repository);
[[nodiscard]] Decision decide(const Repository& repository, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Repository repository);

/// Packages that stay at their versions whatever is updated. State is read from and written to the
/// list of the versionlock plugin, so that no network and no plugin is needed for it; other
/// packages' locks stay.
struct VersionLock {
  std::vector<Package> packages;  ///< each with a version
  bool operator==(const VersionLock&) const = default;
};
/// The plugin's list with our locks, in the form of dnf ("kubelet-0:1.21.3-0.*") or yum
/// ("0:kubelet-1.21.3-0.*").
[[nodiscard]] std::string with_locks(std::string_view list, const VersionLock& lock,
                                     facts::PackageManager manager);
[[nodiscard]] Decision decide(const VersionLock& lock, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(VersionLock lock);

}  // namespace konvoy::resource
