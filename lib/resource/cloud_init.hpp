// cloud-init's own settings that are code.
#pragma once

#include <string>
#include <string_view>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// cloud-init goes on where parts of the user data can't be handled, as it did before version 20.3:
/// Cluster API's own data would otherwise end the first boot. Releases that read
/// feature_overrides.py get that file, later ones have the flag in features.py changed, and earlier
/// ones have no flag.
struct TolerantUserData {
  std::string module_directory;  ///< "/usr/lib/python3.6/site-packages/cloudinit"
  bool operator==(const TolerantUserData&) const = default;
};
[[nodiscard]] Decision decide(const TolerantUserData& wanted, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(TolerantUserData wanted);

}  // namespace konvoy::resource
