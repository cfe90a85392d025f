// Container images that come as a file instead of from a registry.
#pragma once

#include <string>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// All of `images` in containerd's store, in the namespace of Kubernetes ("k8s.io"). If one is not,
/// the archive is put into `directory`, imported, and removed again.
///
/// On a machine the running containerd does that. In an image's root, where nothing runs, its own
/// containerd is started for as long as it takes; what it imports is unpacked when a container
/// wants it, since that takes mounts of the machine's file system. There the digest of
/// an imported archive is kept in /var/lib/konvoy-image/imported.
struct ImageArchive {
  std::string name;                 ///< of the file: "kube-apiserver.tar"
  std::string local_path;           ///< where it lies on the controller
  std::string sha256;               ///< of the file, 64 lower case hexadecimal digits
  std::string directory;            ///< on the machine: "/opt/dkp/images/"
  std::vector<std::string> images;  ///< as containerd names them: "docker.io/library/busybox:1"
  std::string socket;               ///< of containerd
  bool operator==(const ImageArchive&) const = default;
};
[[nodiscard]] Decision decide(const ImageArchive& archive, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(ImageArchive archive);

}  // namespace konvoy::resource
