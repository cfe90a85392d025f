// `konvoy-image record`, `record show` and `record diff`.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "record/difference.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// The record at `path`: a record.json, or a work directory that holds one. Errors (input): not
/// there, not JSON, not a record, or of a newer form than this program knows.
[[nodiscard]] base::Result<value::Value> read_record(const std::string& path);

/// Adds the artifacts of the last run in Packer's manifest (packer_build.hpp) to the record at
/// `path`, which is replaced atomically. Errors as of read_record() and read_packer_manifest(); run
/// when it can't be written.
[[nodiscard]] base::Result<value::Value> complete_record(const std::string& path,
                                                         const std::string& packer_manifest);

/// What people want to know of a record, in a page.
[[nodiscard]] std::string render_record(const value::Value& record);

/// {"differences":[{"path","a","b"}]}.
[[nodiscard]] value::Value to_value(const std::vector<record::Difference>& differences);
/// "path: a -> b" a line.
[[nodiscard]] std::string render_text(const std::vector<record::Difference>& differences);

}  // namespace konvoy::app
