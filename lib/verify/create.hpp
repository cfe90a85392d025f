// Making a manifest out of a machine that is as it should be, or out of the packages for one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/signature.hpp"
#include "target/target.hpp"
#include "verify/images.hpp"
#include "verify/manifest.hpp"

namespace konvoy::verify {

/// What a person says about a manifest; what is empty is found out, where that is possible.
struct CreateOptions {
  std::int64_t created = 0;               ///< seconds since 1970
  std::optional<std::int64_t> not_after;  ///< seconds since 1970
  std::string os_id;
  std::string os_version;
  std::string architecture;
  std::string kubernetes;
  std::string containerd;
  std::string module_name = "BoringCrypto";
  std::string module_certificate;
  std::vector<std::string> paths;   ///< files beside the Kubernetes programs
  std::vector<ListedImage> images;  ///< beside those that containerd has
  bool services = true;             ///< with the services that a Kubernetes node has
};

/// Signs every file; none: digests only.
struct FileSigner {
  const crypto::PrivateKey* key = nullptr;
  Scheme scheme = Scheme::pkcs1_v15;
};

/// From a host or an image root: the Kubernetes programs on it, `paths`, and the images that
/// containerd has. Errors: input when there is nothing to put in or a path is no regular file;
/// those of the target.
[[nodiscard]] base::Result<Manifest> manifest_of_target(target::Target& target,
                                                        const CreateOptions& options,
                                                        const FileSigner& signer);

/// From the rpm files in a directory of this machine. The operating system has to be said;
/// Kubernetes and containerd versions come from the packages' names.
[[nodiscard]] base::Result<Manifest> manifest_of_packages(const std::string& directory,
                                                          const CreateOptions& options,
                                                          const FileSigner& signer);

}  // namespace konvoy::verify
