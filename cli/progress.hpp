// The progress of a long run on stderr.
#pragma once

#include <mutex>
#include <string_view>

#include "base/event.hpp"

namespace konvoy::cli {

class Terminal;

/// Writes events to stderr. `how`: "plain", a line for everything that changes or goes wrong;
/// "json", an object a line with every event; "none". `mutex` guards the terminal: events come from
/// several threads. Both must outlive the sink.
[[nodiscard]] base::EventSink progress_sink(std::string_view how, Terminal& terminal,
                                            std::mutex& mutex);

}  // namespace konvoy::cli
