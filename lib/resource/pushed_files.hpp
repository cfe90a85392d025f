// Files that come from the controller: the content of an archive, or a single artifact.
#pragma once

#include <string>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// One file: its bytes lie on the controller.
struct PushedFile {
  std::string local_path;
  std::string path;
  std::string sha256;  ///< 64 lower case hexadecimal digits
  target::Ownership ownership;
  bool operator==(const PushedFile&) const = default;
};

/// All of these, with their directories. Compared by digest, so that a damaged file is repaired
/// and an unchanged one is not sent. Where fapolicyd runs, see Trust.
struct PushedFiles {
  std::string name;  ///< in plans: "containerd 1.4.7"
  std::vector<std::string> directories;
  std::vector<PushedFile> files;
  std::vector<std::pair<std::string, std::string>> links;  ///< path, what it leads to
  bool operator==(const PushedFiles&) const = default;
};
[[nodiscard]] Decision decide(const PushedFiles& files, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(PushedFiles files);

/// Files that fapolicyd lets run although no package brought them. Where fapolicyd is not
/// installed nothing is to be done. A running fapolicyd is restarted
/// after a change; a mark (pending.hpp) remembers that.
struct Trust {
  /// The trust file: /etc/fapolicyd/trust.d/NAME. Before version 1.1 (EL 8.6) there is only one for
  /// everybody, fapolicyd.trust: what it says of other files stays.
  std::string name;
  std::vector<std::string> paths;  ///< of regular files that are there
  bool operator==(const Trust&) const = default;
};
[[nodiscard]] Decision decide(const Trust& trust, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Trust trust);

}  // namespace konvoy::resource
