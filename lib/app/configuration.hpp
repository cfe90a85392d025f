// From what the user names on the command line to one configuration.
#pragma once

#include <string>
#include <vector>

#include "app/data_files.hpp"
#include "base/result.hpp"
#include "config/flags.hpp"
#include "config/merge.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// The file of defaults, below all other layers.
inline constexpr auto defaults_file = "images/common.yaml";

/// What a configuration is made of, as the user gave it.
struct ConfigurationInputs {
  std::string image;                         ///< empty: none
  std::vector<std::string> overrides;        ///< later ones win
  std::vector<config::GivenFlag> flags;      ///< --kubernetes-version and the like
  std::vector<std::string> extra_vars;       ///< see config::parse_extra_vars()
  std::string data_dir;                      ///< looked in before the program's own files
  config::Cloud cloud = config::Cloud::aws;  ///< whose flags they are
  bool dry_run = false;                      ///< becomes packer.dry_run
  bool strict = false;                       ///< warnings are errors
};

struct Configuration {
  config::Config config;
  std::vector<config::Layer> layers;       ///< what it was merged from, the lowest first
  std::vector<DataFile> files;             ///< every file that was read, in the order of precedence
  std::vector<base::Diagnostic> warnings;  ///< of all files, ordered by place
};

/// Reads and merges everything. The problems of all files come back together, ordered by place;
/// with `strict` warnings are among them.
[[nodiscard]] base::Result<Configuration> read_configuration(const ConfigurationInputs& inputs);

/// The configuration of one host: its inventory variables stand above the defaults and below the
/// image file.
[[nodiscard]] base::Result<config::Config> with_inventory(const Configuration& configuration,
                                                          const value::Value& variables);

/// `warnings` as an error of kind input, when there are any and the user asked for strictness.
[[nodiscard]] base::Result<void> refuse_warnings(std::vector<base::Diagnostic> warnings,
                                                 bool strict);

}  // namespace konvoy::app
