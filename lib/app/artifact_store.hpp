// Files that machines get from the controller: fetched, checked and unpacked once for all of them.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/event.hpp"
#include "base/result.hpp"
#include "plan/artifacts.hpp"
#include "plan/spec.hpp"
#include "record/record.hpp"
#include "system/clock.hpp"

namespace konvoy::app {

struct ArtifactOptions {
  std::string cache;    ///< directory that only we can read
  bool strict = false;  ///< what has no known digest is refused
  base::EventSink events;
  system::Clock* clock = &system::real_clock();
};

/// A directory of saved images.
struct ImageBundle {
  std::vector<plan::ImageArchive> archives;  ///< ordered by name
  std::vector<record::Artifact> origins;     ///< of the same
};

/// What a Spec needs, and where it came from.
struct FoundArtifacts {
  plan::Artifacts artifacts;
  std::vector<record::Artifact> origins;
};

/// May be used from several threads, and its cache from several processes.
class ArtifactStore {
 public:
  explicit ArtifactStore(ArtifactOptions options) : options_(std::move(options)) {}

  /// Everything that `spec` takes from the controller. Errors: input (a file or URL that is not
  /// there, a wrong digest, an archive that is hostile or lacks what is needed), run (network,
  /// disk).
  [[nodiscard]] base::Result<FoundArtifacts> find(const plan::Spec& spec);

 private:
  struct Archive {
    plan::ArchiveContent content;
    record::Artifact origin;
  };

  base::Result<ImageBundle> images(const plan::Sourced<std::string>& directory);
  base::Result<Archive> archive(const plan::ArchiveSource& source);
  base::Result<Archive> open_archive(const plan::ArchiveSource& source);
  base::Result<std::string> local_path(const plan::ArchiveSource& source);
  base::Result<void> warn_unknown(const plan::ArchiveSource& source, const std::string& shown);

  ArtifactOptions options_;
  std::mutex mutex_;
  std::map<std::string, Archive> archives_;     // by source and digest
  std::map<std::string, ImageBundle> bundles_;  // by directory
};

}  // namespace konvoy::app
