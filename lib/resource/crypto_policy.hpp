// The system-wide crypto policy of EL8.
#pragma once

#include <string>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// This policy configured and in force: config and state name it, the state is no older than the
/// configuration (what `update-crypto-policies --is-applied` compares), and the back-ends are
/// there.
///
/// update-crypto-policies sets it where it is installed. Without it plain FIPS is set by its files:
/// links to the prepared back-ends, the configuration, and last the state. Sub-policies need the
/// tool.
struct CryptoPolicy {
  std::string policy;  ///< "FIPS", "FIPS:OSPP"
  bool operator==(const CryptoPolicy&) const = default;
};
[[nodiscard]] Decision decide(const CryptoPolicy& policy, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(CryptoPolicy policy);

}  // namespace konvoy::resource
