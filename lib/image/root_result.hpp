// What a root image becomes: a tar archive, a directory or an OCI image layout.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "image/oci_layout.hpp"

namespace konvoy::image {

enum class ResultForm { tar, tar_gz, tar_xz, tar_zst, directory, oci_layout };

/// From `result.format` of an image definition: "tar", "tar.gz", "tar.xz", "tar.zst", "directory",
/// "oci". Error of kind input.
[[nodiscard]] base::Result<ResultForm> result_form_named(std::string_view name);

/// "rhel-8.4.tar.gz": what the form adds to a name; empty for directories and layouts.
[[nodiscard]] std::string_view suffix_of(ResultForm form);

struct ResultSettings {
  ResultForm form = ResultForm::tar_gz;
  std::int64_t epoch = 0;  ///< SOURCE_DATE_EPOCH: no file is newer than this, seconds since 1970
  OciMetadata oci;         ///< of an OCI layout
};

struct WrittenResult {
  std::string path;
  /// "sha256:...": of the content as an uncompressed tar stream with sorted names, so that every
  /// form of one root has the same digest.
  std::string content_digest;
};

/// Turns the root at `directory` into `path`, which appears whole or not at all; something that is
/// there already is replaced. A directory result moves `directory`. What is not finished stands
/// beside `directory` and stays there for the caller, who so still sees a full disk and clears both
/// as one. Errors are of kind run.
[[nodiscard]] base::Result<WrittenResult> write_result(const std::string& directory,
                                                       const std::string& path,
                                                       const ResultSettings& settings);

}  // namespace konvoy::image
