// The same work several times at once.
#pragma once

#include <cstddef>
#include <functional>

namespace konvoy::system {

/// Calls `work(0)` to `work(count - 1)`, up to `at_once` of them at a time (at least one), and
/// returns when all have. `work` must not throw.
void in_parallel(std::size_t count, std::size_t at_once,
                 const std::function<void(std::size_t)>& work);

}  // namespace konvoy::system
