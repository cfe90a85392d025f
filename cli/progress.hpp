// The progress of a long run on stderr.
#pragma once

#include <mutex>
#include <string_view>

#include "base/event.hpp"
#include "cli/command.hpp"

namespace konvoy::cli {

class Terminal;

/// `--progress HOW` of commands that run long.
[[nodiscard]] Option progress_option();

/// Writes events to stderr. `how`: "plain", a line for everything that changes or goes wrong;
/// "auto", on a terminal a line per host that is drawn anew, and plain elsewhere; "json", an object
/// a line with every event; "none". `mutex` guards the terminal: events come from several threads.
/// Both must outlive the sink; when the work is done, Terminal::show_status({}) takes the lines
/// away.
[[nodiscard]] base::EventSink progress_sink(std::string_view how, Terminal& terminal,
                                            std::mutex& mutex);

}  // namespace konvoy::cli
