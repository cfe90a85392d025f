// A miniature EL 8 root, made on the spot, for somebody who has no base image at hand.
//
// It is no CentOS and says so: its system files are copies of the Debian packages of the machine it
// is made on. What works on it is real: rpm, dnf, signed packages, compiled executables.
#pragma once

#include <string>
#include <vector>

#include "base/event.hpp"
#include "base/result.hpp"

namespace konvoy::miniature {

struct RepositoryPackage {
  std::string name;
  std::string version;  ///< "1.21.3-0"
  bool operator==(const RepositoryPackage&) const = default;
};

/// Where the miniature root has its package repository and the key that signs it, as seen inside.
inline constexpr const char* repository_url = "file:///var/lib/konvoy-miniature/repository";
inline constexpr const char* repository_key_url = "file:///etc/pki/rpm-gpg/RPM-GPG-KEY-miniature";

/// Makes the root in `directory`, which must be empty or missing, with a signed repository that
/// holds `packages`. The Kubernetes executables among them are compiled with BoringCrypto. Needs
/// root and the Debian packages that packaging/dependencies.sh lists for running; takes under a
/// minute, most of it the first compilation. Error of kind run.
[[nodiscard]] base::Result<void> make_root(const std::string& directory,
                                           const std::vector<RepositoryPackage>& packages,
                                           const base::EventSink& events);

}  // namespace konvoy::miniature
