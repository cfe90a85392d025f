// Commands that outlive the connection and never run twice for one id.
//
// Each has a directory below /var/lib/konvoy-image/actions on the target: making it is the claim.
// It holds the boot it was started in, the process, the output and at the end the status. Whoever
// asks later finds it done (the result is taken once), running (wait), or neither (its machine or
// its process ended: interrupted). Remove the directory once the result is recorded.
#pragma once

#include <functional>
#include <string>

#include "base/event.hpp"
#include "base/result.hpp"
#include "target/action.hpp"
#include "target/frame.hpp"

namespace konvoy::target {

/// Runs one frame, wherever it is; comes back with an Error only when that is not to be had.
using RunFrame = std::function<base::Result<Reply>(const Frame&)>;

/// Where a detached command keeps what it needs: "/var/lib/konvoy-image/actions/ID".
[[nodiscard]] std::string detached_directory(const std::string& id);

/// Starts the command unless its id is claimed already, waits for it, and gives its result.
/// `in_background` false: it runs inside the frame (in an image root, where nothing outlives it).
/// Error of kind internal: an id with other characters than letters, digits, '.', '_' and '-'.
[[nodiscard]] base::Result<ActionResult> run_detached(const RunCommand& command,
                                                      const RunFrame& run_frame, bool in_background,
                                                      const base::EventSink& events);

/// A line of shell that sets `b` to the boot id and the start time of process 1.
[[nodiscard]] std::string_view boot_script();

}  // namespace konvoy::target
