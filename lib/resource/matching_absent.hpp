// Files that go by a pattern: what a running machine left behind and an image must not carry.
#pragma once

#include <string>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// No entry of `directory` whose name matches the shell pattern. The directory stays; one that is
/// not there has no entries.
struct MatchingAbsent {
  std::string directory;
  std::string pattern;  ///< base::matches_glob: "ssh_host_*", "*"
  bool operator==(const MatchingAbsent&) const = default;
};
[[nodiscard]] Decision decide(const MatchingAbsent& wanted, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(MatchingAbsent wanted);

/// A file, if it is there, is empty: logs keep their owners and labels that way.
struct Emptied {
  std::string path;
  bool operator==(const Emptied&) const = default;
};
[[nodiscard]] Decision decide(const Emptied& wanted, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Emptied wanted);

}  // namespace konvoy::resource
