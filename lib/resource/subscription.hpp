// Red Hat's subscription of a machine, through its own subscription-manager.
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "resource/resource.hpp"

namespace konvoy::resource {

/// Written before we register a machine: what has it is ours to unregister.
inline constexpr auto subscription_mark = "/var/lib/konvoy-image/rhsm-registered";

/// Registered, in whatever way: a machine that already is keeps its registration.
struct Subscription {
  std::vector<std::string> arguments;  ///< of `register`, without secrets: "--username=me"
  std::string secret_option;           ///< "--password" or "--activationkey"
  base::Secret secret;
  std::string pool;  ///< attached afterwards; empty: none
  bool operator==(const Subscription&) const = default;
};
/// subscription-manager takes a secret only as an argument, which all users of the machine could
/// read: it is run inside its own Python, which gets the arguments through stdin.
[[nodiscard]] Decision decide(const Subscription& wanted, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(Subscription wanted);

/// Not registered any more, if we registered it.
struct SubscriptionGivenBack {
  bool operator==(const SubscriptionGivenBack&) const = default;
};
[[nodiscard]] Decision decide(const SubscriptionGivenBack& wanted, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(SubscriptionGivenBack wanted);

}  // namespace konvoy::resource
