// Which distribution it is, under the names and versions that Ansible gives.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace konvoy::facts {

/// The assignments of an os-release file (os-release(5)), quotes and escapes taken off.
[[nodiscard]] std::map<std::string, std::string> parse_os_release(std::string_view text);

/// The number after "release" in a text like /etc/redhat-release, with at most two parts: "7.9" of
/// "CentOS Linux release 7.9.2009 (Core)". Empty when there is none.
[[nodiscard]] std::string parse_release_version(std::string_view text);

}  // namespace konvoy::facts
