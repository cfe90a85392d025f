// How Ansible's `version` test orders versions.
#pragma once

#include <string_view>

#include "template/failure.hpp"

namespace konvoy::templates {

/// loose: runs of digits and of letters ("1.2.el8"). strict: N.N[.N][aN|bN]. semantic: semver 2.0.
enum class VersionScheme { loose, strict, semantic };

/// <0, 0 or >0. Fails on a text that is no version of the scheme, and where a number meets letters
/// (loose), which Python cannot order either.
[[nodiscard]] Outcome<int> order_versions(std::string_view a, std::string_view b,
                                          VersionScheme scheme);

}  // namespace konvoy::templates
