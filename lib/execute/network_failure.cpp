#include "execute/network_failure.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"

namespace konvoy::execute {

bool is_network_failure(std::string_view output) {
  constexpr std::array<std::string_view, 16> signs = {
      "could not resolve host",
      "could not resolve hostname",
      "couldn't resolve host",
      "temporary failure in name resolution",
      "connection timed out",
      "operation timed out",
      "operation too slow",
      "connection refused",
      "connection reset",
      "failed to connect",
      "couldn't connect to server",
      "no route to host",
      "network is unreachable",
      "tls handshake timeout",
      "i/o timeout",
      "no more mirrors to try",
  };
  const auto text = base::to_lower(output);
  return std::ranges::any_of(
      signs, [&](std::string_view sign) { return text.find(sign) != std::string::npos; });
}

std::chrono::milliseconds backoff(int attempt, double random) {
  constexpr int most_doublings = 5;
  constexpr double first_ms = 2'000;
  constexpr double longest_ms = 60'000;
  const double doubled = first_ms * (1 << std::clamp(attempt - 2, 0, most_doublings));
  const double whole = std::min(doubled, longest_ms);
  return std::chrono::milliseconds(static_cast<long>(whole * (0.5 + random / 2)));
}

}  // namespace konvoy::execute
