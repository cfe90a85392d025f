#include "system/parallel.hpp"

#include <doctest/doctest.h>

#include <atomic>

using konvoy::system::in_parallel;

TEST_CASE("work runs once for each, and for none") {
  std::atomic<int> sum = 0;
  in_parallel(100, 7, [&](std::size_t i) { sum += static_cast<int>(i); });
  CHECK(sum == 4950);
  in_parallel(0, 7, [&](std::size_t) { sum = -1; });
  in_parallel(1, 0, [&](std::size_t) { ++sum; });
  CHECK(sum == 4951);
}
