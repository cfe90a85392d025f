// Golden files: whole outputs kept in tests/<module>/golden and compared byte for byte.
#pragma once

#include <string>
#include <string_view>

namespace konvoy::test {

/// Compares `actual` with the file tests/`path`; the test fails with a diff when they differ, or
/// when there is no such file. With KONVOY_ACCEPT=1 in the environment the file is written instead.
void check_golden(std::string_view path, std::string_view actual);

/// The bytes of tests/`path`; the test fails when the file is not there.
[[nodiscard]] std::string test_data(std::string_view path);

/// The absolute path of tests/`path`.
[[nodiscard]] std::string test_path(std::string_view path);

}  // namespace konvoy::test
