// Steps for tests of the executor.
#pragma once

#include <string>
#include <vector>

#include "plan/step.hpp"
#include "resource/command.hpp"
#include "resource/file.hpp"
#include "system/clock.hpp"

namespace konvoy::test {

inline plan::Step file_step(std::string id, const std::string& path, const std::string& content) {
  return {.id = std::move(id),
          .resource = as_resource(resource::File{.path = path, .content = content}),
          .because = {"a test asks for it", {}}};
}

/// Runs `word` until /done/<word> is there.
inline plan::Step command_step(std::string id, const std::string& word) {
  return {.id = std::move(id),
          .resource = as_resource(resource::GuardedCommand{.name = word,
                                                           .run = {.argv = {word}},
                                                           .creates = "/done/" + word,
                                                           .reason = "was not run"}),
          .because = {"a test asks for it", {}}};
}

/// Sleeping only moves the hands.
class StillClock final : public system::Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return {}; }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return steady_; }
  void sleep(std::chrono::milliseconds time) override {
    steady_ += time;
    sleeps.push_back(time.count());
  }
  std::vector<long> sleeps;  ///< milliseconds

 private:
  std::chrono::steady_clock::time_point steady_;
};

}  // namespace konvoy::test
