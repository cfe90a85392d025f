#include "execute/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace konvoy::execute {

void in_parallel(std::size_t count, std::size_t most_at_once,
                 const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto worker = [&] {
    for (auto index = next++; index < count; index = next++) work(index);
  };
  std::vector<std::jthread> threads;
  const auto size = std::clamp<std::size_t>(most_at_once, 1, std::max<std::size_t>(count, 1));
  for (std::size_t i = 1; i < size; ++i) threads.emplace_back(worker);
  worker();
}

}  // namespace konvoy::execute
