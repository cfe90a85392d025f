// The only door to a machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/event.hpp"
#include "base/result.hpp"
#include "target/action.hpp"
#include "target/probe.hpp"

namespace konvoy::target {

/// A connected byte stream, closed when it ends.
class Stream {
 public:
  virtual ~Stream() = default;
  /// At least one byte, at most `limit`; empty at the end of the stream. Waits up to `timeout`.
  virtual base::Result<std::string> read(std::size_t limit, std::chrono::milliseconds timeout) = 0;
  virtual base::Result<void> write(std::string_view bytes) = 0;
};

struct Address {
  std::string host;  ///< as seen from the target: "localhost", "10.0.0.1"
  std::uint16_t port = 0;
  bool operator==(const Address&) const = default;
};

/// A host over ssh, the local host, or an image root. Calls on one target come one after another;
/// different targets may be used from different threads. An Error means that the target itself
/// failed (unreachable, out of step, interrupted); what a probe or a command found is in the
/// answer.
class Target {
 public:
  virtual ~Target() = default;

  /// What people call it: "10.0.0.7", "local", "/mnt/image".
  [[nodiscard]] virtual std::string name() const = 0;

  /// Whether a system runs there: false in an image root.
  [[nodiscard]] virtual bool live() const = 0;

  /// One answer a probe, in their order, in one round trip.
  virtual base::Result<std::vector<Observation>> observe(std::span<const Probe> probes) = 0;

  /// One change. A file action that fails is an Error of kind run; a command that fails is not.
  virtual base::Result<ActionResult> perform(const Action& action,
                                             const base::EventSink& events) = 0;

  /// A TCP connection made by the target. Refused forwarding is an Error of kind check.
  virtual base::Result<std::unique_ptr<Stream>> connect(const Address& address) = 0;
};

}  // namespace konvoy::target
