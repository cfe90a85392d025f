// The repositories of CentOS 7 and 8 after the end of their mirrors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resource/resource.hpp"

namespace konvoy::resource {

/// Every CentOS-*.repo in /etc/yum.repos.d points at the vault, where the last state of the
/// releases is kept, instead of at mirrors that no longer answer.
struct CentosVault {
  bool operator==(const CentosVault&) const = default;
};
/// One such file changed: mirror lists become comments, base URLs lead to the vault.
[[nodiscard]] std::string with_vault(std::string_view repo_file);

struct MovedRepository {
  std::string id;
  std::string base_url;  ///< at the vault, with dnf's variables
  bool operator==(const MovedRepository&) const = default;
};
/// The enabled repositories of such files that with_vault() moves.
[[nodiscard]] std::vector<MovedRepository> moved_repositories(std::string_view repo_files);
[[nodiscard]] Decision decide(const CentosVault& vault, const facts::HostFacts& facts,
                              const Observations& seen);
[[nodiscard]] Resource as_resource(CentosVault vault);

}  // namespace konvoy::resource
