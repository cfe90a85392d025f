#include "base/result.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using konvoy::base::Error;
using konvoy::base::ErrorKind;
using konvoy::base::Result;

namespace {

Result<int> parse_digit(char c) {
  if (c < '0' || c > '9') return Error(ErrorKind::input, "not a digit");
  return c - '0';
}

Result<int> add_digits(char a, char b) {
  KONVOY_TRY(const int x, parse_digit(a));
  KONVOY_TRY(const int y, parse_digit(b));
  return x + y;
}

Result<void> check_digits(char a) {
  KONVOY_CHECK(parse_digit(a));
  return {};
}

}  // namespace

TEST_CASE("KONVOY_TRY hands values on and errors out") {
  CHECK(*add_digits('1', '2') == 3);
  const auto failed = add_digits('1', 'x');
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().kind == ErrorKind::input);
  CHECK(failed.error().message() == "not a digit");
}

TEST_CASE("KONVOY_CHECK drops the value and keeps the error") {
  CHECK(check_digits('4').ok());
  CHECK(check_digits('-').error().message() == "not a digit");
}

TEST_CASE("a result takes what converts to its value, and moves it out") {
  Result<std::shared_ptr<const std::string>> result = std::make_shared<std::string>("x");
  CHECK(**std::move(result) == "x");
}

TEST_CASE("a note says what was being done") {
  const auto error = Error(ErrorKind::run, "no space left").with_note("while writing '/etc/fstab'");
  CHECK(error.diagnostics[0].notes[0].message == "while writing '/etc/fstab'");
}
