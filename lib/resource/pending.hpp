// What must follow a change, kept on the machine itself.
//
// A mark is a file in /var/lib/konvoy-image/pending, written before the change. The step that
// follows up sees it, does its work and takes it away: whatever ended a run in between, the next
// one finishes the job.
#pragma once

#include <string>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// The file of a mark: "restart-containerd" -> "/var/lib/konvoy-image/pending/restart-containerd".
[[nodiscard]] std::string mark_path(const std::string& mark);

/// `resource`, which sets these marks before it changes anything. In an image root nothing runs
/// that would have to be restarted: no mark is set there.
[[nodiscard]] Resource with_marks(Resource resource, std::vector<std::string> marks);

/// Runs a command while a mark is set, then takes the mark away.
struct FollowUp {
  std::string mark;  ///< "restart-containerd": its name in plans, too
  std::vector<std::string> argv;
  bool needs_systemd = true;  ///< where none runs, only the mark goes
  bool operator==(const FollowUp&) const = default;
};
[[nodiscard]] Decision decide(const FollowUp& follow_up, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(FollowUp follow_up);

}  // namespace konvoy::resource
