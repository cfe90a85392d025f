#include "system/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace konvoy::system {

void in_parallel(std::size_t count, std::size_t at_once,
                 const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto take_turns = [&] {
    for (std::size_t at = next++; at < count; at = next++) work(at);
  };
  std::vector<std::jthread> threads;
  const auto helpers = std::min(std::max<std::size_t>(at_once, 1), count);
  for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(take_turns);
  take_turns();
}

}  // namespace konvoy::system
