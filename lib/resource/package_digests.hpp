// Whether rpm in FIPS mode can verify packages that are about to be installed.
//
// rpm 4.14 and newer (EL 8) want a SHA-256 digest of a package's header and one of its payload
// there, since MD5 and SHA-1 are not to be had: "does not verify: no digest". rpmbuild before 4.14
// wrote neither.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// Where dnf keeps what it downloads, unless its configuration says otherwise (dnf.conf(5)).
inline constexpr std::string_view package_cache = "/var/cache/dnf";

/// The machine runs in FIPS mode with such an rpm.
[[nodiscard]] bool needs_strong_digests(const facts::HostFacts& facts);

/// Asks for the digests of all packages in package_cache, the newest file last.
[[nodiscard]] target::CommandProbe cached_packages();

/// Name of a package -> it has both digests, from what cached_packages() printed.
using StrongDigests = std::map<std::string, bool>;
[[nodiscard]] StrongDigests parse_cached_packages(std::string_view output);

/// The names that are not in the cache.
[[nodiscard]] std::vector<std::string> not_cached(const std::vector<std::string>& names,
                                                  const StrongDigests& cached);

/// A refusal that names those of `names` that rpm would not take.
[[nodiscard]] std::optional<Refusal> weak_packages(const std::vector<std::string>& names,
                                                   const StrongDigests& cached);

}  // namespace konvoy::resource
