// Time, so that what waits or dates can be tested without waiting.
#pragma once

#include <chrono>

namespace konvoy::system {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall clock time, for dates in records and files.
  [[nodiscard]] virtual std::chrono::system_clock::time_point now() const = 0;
  /// Time that never jumps, for timeouts and durations.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
  virtual void sleep(std::chrono::milliseconds time) = 0;
};

/// The clock of the machine.
[[nodiscard]] Clock& real_clock();

}  // namespace konvoy::system
