// Files, directories, links, and paths where nothing may be.
#pragma once

#include <string>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// A regular file with exactly this content. Its directory must be there.
struct File {
  std::string path;
  std::string content;
  target::Ownership ownership;  ///< what is empty is left as it is
  bool secret = false;          ///< the content appears in no diff
  /// Only its being there counts: a file that exists keeps its content.
  bool only_when_absent = false;
  bool operator==(const File&) const = default;
};
[[nodiscard]] Decision decide(const File& file, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(File file);

/// A directory, made with its missing parents.
struct Directory {
  std::string path;
  target::Ownership ownership;
  bool operator==(const Directory&) const = default;
};
[[nodiscard]] Decision decide(const Directory& directory, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Directory directory);

/// A symbolic link; a file in its place is replaced, a directory is not.
struct Link {
  std::string path;
  std::string to;
  bool operator==(const Link&) const = default;
};
[[nodiscard]] Decision decide(const Link& link, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Link link);

/// Nothing at this path. A directory with content needs `recursive`.
struct Absent {
  std::string path;
  bool recursive = false;
  bool operator==(const Absent&) const = default;
};
[[nodiscard]] Decision decide(const Absent& absent, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Absent absent);

/// How what is there differs from what is wanted: "mode is 0644, must be 0600"; empty when it does
/// not.
[[nodiscard]] std::string ownership_gap(const target::FileStat& is,
                                        const target::Ownership& wanted);

/// The one action that turns `before` (nothing: no such file) into `after`, with reason and diff.
[[nodiscard]] PlannedAction replace_file(const std::string& path,
                                         const std::optional<std::string>& before,
                                         const std::string& after,
                                         const target::Ownership& ownership = {},
                                         bool secret = false);

}  // namespace konvoy::resource
