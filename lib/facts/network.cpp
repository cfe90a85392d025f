#include "facts/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

constexpr std::string_view fib_trie = "/proc/net/fib_trie";
constexpr std::string_view if_inet6 = "/proc/net/if_inet6";

std::vector<target::Probe> probes(bool live) {
  if (!live) return {};
  return {target::ReadProbe{std::string(fib_trie)}, target::ReadProbe{std::string(if_inet6)}};
}

void parse(const Answers& answers, HostFacts& facts) {
  facts.addresses = parse_fib_trie(answers.text(fib_trie).value_or(""));
  for (auto& address : parse_if_inet6(answers.text(if_inet6).value_or(""))) {
    facts.addresses.push_back(std::move(address));
  }
}

}  // namespace

std::vector<std::string> parse_fib_trie(std::string_view text) {
  // A leaf "|-- 10.0.0.7" is followed by its routes; a host's own address is "/32 host LOCAL".
  std::set<std::string> found;
  std::string leaf;
  for (const auto& line : base::split_lines(text)) {
    const auto words = base::split_words(line);
    if (words.size() >= 2 && words[0] == "|--") leaf = words[1];
    const bool local =
        words.size() >= 3 && words[0] == "/32" && words[1] == "host" && words[2] == "LOCAL";
    if (local && !leaf.starts_with("127.")) found.insert(leaf);
  }
  return {found.begin(), found.end()};
}

std::vector<std::string> parse_if_inet6(std::string_view text) {
  // address, interface index, prefix length, scope, flags, interface; all but the last hexadecimal
  constexpr std::string_view global_scope = "00";
  std::set<std::string> found;
  for (const auto& line : base::split_lines(text)) {
    const auto words = base::split_words(line);
    if (words.size() < 6 || words[3] != global_scope) continue;
    const auto bytes = base::from_hex(words[0]);
    if (!bytes || bytes->size() != sizeof(in6_addr)) continue;
    std::array<char, INET6_ADDRSTRLEN> shown{};
    if (inet_ntop(AF_INET6, bytes->data(), shown.data(), shown.size()) != nullptr) {
      found.insert(shown.data());
    }
  }
  return {found.begin(), found.end()};
}

Family network_family() {
  return {.probes = probes, .parse = parse};
}

}  // namespace konvoy::facts
