#include "preflight/subnet.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace konvoy::preflight {
namespace {

bool bit(const Subnet& subnet, int at) {
  const auto byte = static_cast<unsigned>(subnet.bytes[static_cast<std::size_t>(at / 8)]);
  return ((byte >> (7U - static_cast<unsigned>(at % 8))) & 1U) != 0;
}

int bits_of(const Subnet& subnet) {
  return subnet.ipv6 ? 128 : 32;
}

base::Error problem(std::string_view option, std::string message, std::string hint) {
  return {base::ErrorKind::usage, fmt::format("{}: {}", option, message), std::move(hint)};
}

base::Result<Subnet> parse_subnet(std::string_view option, std::string_view text) {
  const auto slash = text.find('/');
  auto subnet = parse_address(text.substr(0, slash));
  int prefix = -1;
  if (slash != std::string_view::npos) {
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + slash + 1, end, prefix);
    if (error != std::errc() || rest != end) prefix = -1;
  }
  if (!subnet || prefix < 0 || prefix > bits_of(*subnet)) {
    return problem(option, fmt::format("'{}' is no network", text),
                   "write it like 192.168.0.0/16 or fd00::/108");
  }
  subnet->prefix = prefix;
  subnet->text = text;
  for (int at = prefix; at < bits_of(*subnet); ++at) {
    if (bit(*subnet, at)) {
      return problem(option, fmt::format("'{}' is an address, not a network", text),
                     fmt::format("the bits behind /{} must be 0", prefix));
    }
  }
  return *subnet;
}

}  // namespace

bool Subnet::contains(const Subnet& other) const {
  if (ipv6 != other.ipv6 || other.prefix < prefix) return false;
  for (int at = 0; at < prefix; ++at) {
    if (bit(*this, at) != bit(other, at)) return false;
  }
  return true;
}

std::optional<Subnet> parse_address(std::string_view text) {
  const std::string terminated(text);
  Subnet address{.prefix = 32, .text = terminated};
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
  address.ipv6 = true;
  address.prefix = 128;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

base::Result<std::vector<Subnet>> parse_subnets(std::string_view option, std::string_view text) {
  std::vector<Subnet> all;
  if (base::trim(text).empty()) return all;
  for (const auto& part : base::split(text, ',')) {
    KONVOY_TRY(auto subnet, parse_subnet(option, base::trim(part)));
    all.push_back(std::move(subnet));
  }
  return all;
}

const Subnet* overlapping(const std::vector<Subnet>& networks, const Subnet& other) {
  const auto found = std::ranges::find_if(networks, [&](const Subnet& network) {
    return network.contains(other) || other.contains(network);
  });
  return found == networks.end() ? nullptr : &*found;
}

}  // namespace konvoy::preflight
