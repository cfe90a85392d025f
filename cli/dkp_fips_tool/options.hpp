// The command line of dkp-fips-tool: that of the tool it takes the place of, and a little more.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "verify/signed_manifest.hpp"

namespace konvoy::fips_tool {

struct Options {
  verify::ManifestSource manifest;
  bool json = false;
  std::string root = "/";             ///< "/": the running machine
  std::vector<std::string> services;  ///< "NAME=HOST:PORT"
  std::vector<std::string> image_archives;
  bool help = false;
  bool version = false;
};

/// `arguments` is argv without the program's name. Errors are of kind usage.
[[nodiscard]] base::Result<Options> parse_options(const std::vector<std::string>& arguments);

[[nodiscard]] std::string help_text();

}  // namespace konvoy::fips_tool
