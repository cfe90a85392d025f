// Hosts side by side.
#pragma once

#include <cstddef>
#include <functional>

namespace konvoy::execute {

/// Calls `work` with 0 .. count-1, at most `most_at_once` at the same time, and returns when all
/// are done. `work` must not share state without locks.
void in_parallel(std::size_t count, std::size_t most_at_once,
                 const std::function<void(std::size_t)>& work);

}  // namespace konvoy::execute
