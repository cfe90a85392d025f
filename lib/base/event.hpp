// What a long piece of work tells while it runs.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace konvoy::base {

/// One moment of a run. `subject` is what the work is about (a host, a file), `step` the part of
/// it, `detail` a sentence for people. `done` and `total` count `unit` and are 0 when unknown.
struct Event {
  enum class Kind { started, progress, message, warning, finished, failed };
  Kind kind = Kind::message;
  std::string subject;
  std::string step;
  std::string detail;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string unit;
  std::string action;  ///< id of the detached action that is started, if it is one

  bool operator==(const Event&) const = default;
};

/// Receives events, perhaps from several threads at once: it must do its own locking. May be empty.
using EventSink = std::function<void(const Event&)>;

}  // namespace konvoy::base
