// The addresses of a machine, read from /proc: a minimal system has no ip(8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace konvoy::facts {

/// The local unicast addresses in /proc/net/fib_trie, without 127.0.0.0/8, sorted as text.
[[nodiscard]] std::vector<std::string> parse_fib_trie(std::string_view text);

/// The addresses of global scope in /proc/net/if_inet6, in the short form of RFC 5952.
[[nodiscard]] std::vector<std::string> parse_if_inet6(std::string_view text);

}  // namespace konvoy::facts
