// A clock for tests: time passes only while somebody sleeps, and that takes none.
#pragma once

#include <vector>

#include "system/clock.hpp"

namespace konvoy::test {

class StillClock final : public system::Clock {
 public:
  /// `now`: the wall clock's seconds since 1970, which stay what they are.
  explicit StillClock(std::chrono::seconds now = {}) : now_(now) {}
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return now_; }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return steady_; }
  void sleep(std::chrono::milliseconds time) override {
    steady_ += time;
    sleeps.push_back(time.count());
  }
  std::vector<long> sleeps;  ///< milliseconds

 private:
  std::chrono::system_clock::time_point now_;
  std::chrono::steady_clock::time_point steady_;
};

}  // namespace konvoy::test
