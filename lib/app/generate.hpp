// `konvoy-image generate`: a configuration written down, for Packer or for a later run.
#pragma once

#include <string>

#include "app/configuration.hpp"
#include "base/result.hpp"
#include "system/clock.hpp"

namespace konvoy::app {

struct GenerateRequest {
  std::string work_dir;     ///< empty: a new directory below ./work
  bool provenance = false;  ///< config.yaml says for each value where it comes from
  bool for_later = false;   ///< runs with this work directory are to use it: is_generated()
  std::string version;      ///< of this program
};

struct Generated {
  std::string work_dir;
  std::string build_name;
};

/// Writes config.yaml (the merged configuration, templates as they are) and packer_vars.json into
/// the work directory, which is made when it is not there. Files that hold a secret have mode 0600.
/// Errors: the directory or a file can't be written (run).
[[nodiscard]] base::Result<Generated> generate(const Configuration& configuration,
                                               const GenerateRequest& request,
                                               system::Clock& clock = system::real_clock());

/// config.yaml in a work directory.
[[nodiscard]] std::string config_file(const std::string& work_dir);

/// Whether `work_dir` has a config.yaml that was written `for_later`: not one that a run left there
/// about itself.
[[nodiscard]] bool is_generated(const std::string& work_dir);

/// "work/NAME-EPOCH-RANDOM", where slashes of the name are dashes.
[[nodiscard]] std::string new_work_dir(const std::string& build_name, const system::Clock& clock);

}  // namespace konvoy::app
