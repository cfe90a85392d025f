#include "support/golden.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/text_diff.hpp"

namespace konvoy::test {
namespace {

std::optional<std::string> slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

std::string test_path(std::string_view path) {
  return fmt::format("{}/tests/{}", KONVOY_SOURCE_DIR, path);
}

std::string test_data(std::string_view path) {
  auto content = slurp(test_path(path));
  INFO("tests/", std::string(path));
  REQUIRE(content.has_value());
  return std::move(*content);
}

void check_golden(std::string_view path, std::string_view actual) {
  const auto file = test_path(path);
  if (std::getenv("KONVOY_ACCEPT") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << actual;
    return;
  }
  const auto expected = slurp(file);
  INFO("no golden file tests/", std::string(path), "; KONVOY_ACCEPT=1 writes it");
  REQUIRE(expected.has_value());
  const auto difference = base::unified_diff(path, *expected, actual);
  INFO(difference);
  CHECK(difference.empty());
}

}  // namespace konvoy::test
