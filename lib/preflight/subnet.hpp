// Networks as Kubernetes is given them: "10.96.0.0/12", "fd00::/108", or one of each with a comma.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace konvoy::preflight {

/// An IPv4 or IPv6 network. An IPv4 address fills the first four bytes.
struct Subnet {
  bool ipv6 = false;
  std::array<std::uint8_t, 16> bytes{};
  int prefix = 0;    ///< bits that name the network
  std::string text;  ///< as it was written

  [[nodiscard]] bool contains(const Subnet& other) const;
  bool operator==(const Subnet&) const = default;
};

/// An address as the network that holds it alone; nothing when `text` is no literal address.
[[nodiscard]] std::optional<Subnet> parse_address(std::string_view text);

/// The networks of `option` ("--pod-subnet"). An empty text gives none. Errors (usage), naming the
/// option: what is no network, and bits that are set behind the prefix.
[[nodiscard]] base::Result<std::vector<Subnet>> parse_subnets(std::string_view option,
                                                              std::string_view text);

/// The first of `networks` that shares an address with `other`; null when none does.
[[nodiscard]] const Subnet* overlapping(const std::vector<Subnet>& networks, const Subnet& other);

}  // namespace konvoy::preflight
