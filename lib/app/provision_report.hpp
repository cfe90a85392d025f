// What plan and provision tell: JSON for programs, text for people, an exit code for both.
#pragma once

#include <string>

#include "record/record.hpp"
#include "value/value.hpp"

namespace konvoy::app {

/// {"hosts":[{"name","changes":[{"step","resource","action","because","diff"?}],"unchanged"}]}; a
/// host that could not be planned has "error".
[[nodiscard]] value::Value plan_value(const record::Record& record);
/// The same, grouped by host and step; `with_diffs` shows file diffs.
[[nodiscard]] std::string render_plan(const record::Record& record, bool with_diffs);

/// {"hosts":[{"name","outcome","changed","unchanged","reboot_required","failed_step"?,"error"?}],
/// "work_dir","seconds"}.
[[nodiscard]] value::Value provision_value(const record::Record& record,
                                           const std::string& work_directory);
/// A table with a line a host, and what went wrong below it.
[[nodiscard]] std::string render_summary(const record::Record& record);

/// 0; 3 when a host failed; 4 when one was unreachable and none failed; 130 when it was interrupted
/// and none failed; what an invalid configuration calls for (2).
[[nodiscard]] int exit_code(const record::Record& record);
/// With --detailed-exitcode: 0 no changes, 2 changes, 1 any error.
[[nodiscard]] int detailed_exit_code(const record::Record& record);

}  // namespace konvoy::app
