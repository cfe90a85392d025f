// `konvoy-image build` without Packer: images made here, without booting them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/provision.hpp"
#include "base/result.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// Who makes the image: `builder` of the definition, or Packer when that is not set.
enum class BuilderKind { root, disk, packer };
[[nodiscard]] base::Result<BuilderKind> builder_of(const value::Value& config);

struct BuildRequest {
  value::Value config;  ///< the merged configuration; `builder`, `base` and `result` are read here
  std::string build_name;
  std::string base;            ///< --base: wins over base.path
  std::string result;          ///< where the image goes; empty: WORK_DIR/BUILD_NAME and a suffix
  std::string manifest_key;    ///< --manifest-sign: what gpg --local-user takes; may be empty
  std::int64_t epoch = 0;      ///< SOURCE_DATE_EPOCH: no file of a root result is newer
  ProvisionRequest provision;  ///< what is done to the image; `hosts` is filled in here
};

struct Built {
  std::string result;
  std::string digest;    ///< "sha256:...": of a root's content, or of a disk image's file
  std::string record;    ///< RESULT.record.json
  std::string manifest;  ///< RESULT.manifest.json.asc, when one was asked for
  std::string builder;   ///< "root" or "disk"
  double seconds = 0;
  bool miniature = false;  ///< the base was the miniature root
  /// How files got their SELinux labels: "setfiles", "at first boot", "none".
  std::string labels;
  std::vector<base::Diagnostic> warnings;
};

/// Builds natively. The base is never modified, and the result appears whole or not at all. A build
/// with fips.enabled fails (kind check) when the image would not boot in FIPS mode or carries an
/// executable that is no FIPS build; boot signs of a root without kernel do not apply.
[[nodiscard]] base::Result<Built> build_natively(const BuildRequest& request,
                                                 const ProvisionServices& services);

/// {"result","digest","record","manifest"?,"builder","seconds","miniature","labels"}
[[nodiscard]] value::Value to_value(const Built& built);

}  // namespace konvoy::app
