// What is installed, by the rpm database.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace konvoy::facts {

/// `rpm -qa` with the queryformat of packages.cpp (name, epoch, version-release, separated by
/// tabs): name -> newest "[epoch:]version-release", where epoch 0 is left out.
[[nodiscard]] std::map<std::string, std::string> parse_packages(std::string_view text);

}  // namespace konvoy::facts
