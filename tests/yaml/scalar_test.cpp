#include "yaml/scalar.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

using konvoy::value::Kind;
using konvoy::value::Value;
using konvoy::yaml::resolve_scalar;

TEST_CASE("words that mean true, false and null in YAML 1.1") {
  for (const auto* word : {"y", "Yes", "YES", "on", "On", "true", "TRUE"}) {
    CAPTURE(word);
    CHECK(resolve_scalar(word) == Value(true));
  }
  for (const auto* word : {"n", "No", "NO", "off", "Off", "false", "FALSE"}) {
    CAPTURE(word);
    CHECK(resolve_scalar(word) == Value(false));
  }
  for (const auto* word : {"", "~", "null", "Null", "NULL"}) {
    CAPTURE(word);
    CHECK(resolve_scalar(word).is_null());
  }
  for (const auto* word : {"yEs", "nulL", "oN", "None", "nil"}) {
    CAPTURE(word);
    CHECK(resolve_scalar(word) == Value(word));
  }
}

TEST_CASE("whole numbers in all their bases") {
  CHECK(resolve_scalar("0") == Value(0));
  CHECK(resolve_scalar("0755") == Value(0755));
  CHECK(resolve_scalar("0o755") == Value(0755));
  CHECK(resolve_scalar("-0755") == Value(-0755));
  CHECK(resolve_scalar("0x1F") == Value(31));
  CHECK(resolve_scalar("0b101") == Value(5));
  CHECK(resolve_scalar("-0b101") == Value(-5));
  CHECK(resolve_scalar("+12") == Value(12));
  CHECK(resolve_scalar("1_000") == Value(1000));
  CHECK(resolve_scalar("9223372036854775807") == Value(std::int64_t{9223372036854775807}));
  CHECK(resolve_scalar("9223372036854775808") == Value(9223372036854775808.0));
}

TEST_CASE("numbers with a point or an exponent") {
  CHECK(resolve_scalar("1.21") == Value(1.21));
  CHECK(resolve_scalar("1.") == Value(1.0));
  CHECK(resolve_scalar(".5") == Value(0.5));
  CHECK(resolve_scalar("-1e3") == Value(-1000.0));
  CHECK(resolve_scalar("08") == Value(8.0));  // no octal number, but a float to Go
  CHECK(std::isnan(*resolve_scalar(".NaN").floating()));
  CHECK(std::isinf(*resolve_scalar("-.inf").floating()));
}

TEST_CASE("what looks like a number and is text") {
  for (const auto* text : {"1:20", "1.21.3", "2021-07-01", "0x", "0b", "0b2", "1e", "-", "+", ".",
                           "1e400", "nan", "inf", "-inf", "0x1p3", "1 2", "12a", "..5", ".e1"}) {
    CAPTURE(text);
    CHECK(resolve_scalar(text) == Value(text));
  }
}
