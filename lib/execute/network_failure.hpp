// Which failures of commands may go away by themselves.
#pragma once

#include <chrono>
#include <string_view>

namespace konvoy::execute {

/// Whether the output of a command that failed says that a server could not be reached, or broke
/// off: the words of curl, librepo (dnf), urlgrabber (yum), containerd and glibc's resolver.
[[nodiscard]] bool is_network_failure(std::string_view output);

/// How long to wait before attempt `attempt` (2, 3, ...): 2 s, doubled each time, at most a minute,
/// and between half and the whole of that by `random` (0 to 1), so that many hosts do not come
/// back together.
[[nodiscard]] std::chrono::milliseconds backoff(int attempt, double random);

}  // namespace konvoy::execute
