// `konvoy-image inspect`: which cryptographic module is in the programs below some paths.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/event.hpp"
#include "base/result.hpp"
#include "binary/inspect.hpp"
#include "value/value.hpp"

namespace konvoy::app {

struct InspectRequest {
  /// Files, directories, archives (tar, rpm, cpio; compressed or not), OCI layouts.
  std::vector<std::string> paths;
  std::string cmvp_data;  ///< file with the state of certificates; empty: the embedded one
};

struct InspectedFile {
  /// As the user wrote it; inside an archive "kubelet.rpm:usr/bin/kubelet", inside an image
  /// "layout:etcd-3.4:usr/bin/etcd".
  std::string path;
  binary::Findings findings;
  bool operator==(const InspectedFile&) const = default;
};

struct InspectReport {
  std::vector<InspectedFile> files;  ///< in the order of the paths, sorted below each
  /// What could not be looked at below a directory or inside an archive.
  std::vector<base::Diagnostic> problems;
};

/// A file named by the user is always reported, even when it is no ELF file; below directories and
/// inside archives only ELF files are. Links below directories are not followed.
/// Errors: a path that is not there or is a damaged archive, damaged certificate data (input).
[[nodiscard]] base::Result<InspectReport> inspect(const InspectRequest& request,
                                                  const base::EventSink& events);

/// The files whose class is one of `classes`.
[[nodiscard]] std::vector<std::string> files_of(const InspectReport& report,
                                                const std::vector<binary::Class>& classes);

/// {"files": [{"path", "class", "module": {"build", "certificate", "status", "as_of"} | null,
/// "go_version", "cgo", "fips_only", "linking", "architecture", "non_approved", "because"}],
/// "problems": []}; what is not known is null.
[[nodiscard]] value::Value to_value(const InspectReport& report);

/// A table for people; with `explain` the evidence and the primitives under each file.
[[nodiscard]] std::string render_text(const InspectReport& report, bool explain);

}  // namespace konvoy::app
