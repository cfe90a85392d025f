// Whether the machine's repositories are there at all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// Every enabled repository answers. Looked at only while one of `packages` is missing: then the
/// package manager would fetch from all of them, and end with the first that does not.
struct AnsweringRepositories {
  std::vector<std::string> packages;  ///< names
  /// Ids of repositories that are not spoken of: they may be tried again.
  std::vector<std::string> except = {};
  bool operator==(const AnsweringRepositories&) const = default;
};
/// Repositories that fail are refused, all at once; those that may be missing
/// (skip_if_unavailable=1) are warned of.
[[nodiscard]] Decision decide(const AnsweringRepositories& wanted, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(AnsweringRepositories wanted);

/// The ids of repositories that dnf 4 or yum 3.4 complain of, in their order.
[[nodiscard]] std::vector<std::string> silent_repositories(std::string_view output);

}  // namespace konvoy::resource
