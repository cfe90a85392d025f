#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

#include "base/diagnostic.hpp"
#include "yaml/reader.hpp"

namespace yaml = konvoy::yaml;

namespace {

std::string message_of(std::string text, const yaml::Limits& limits = {}) {
  auto document = yaml::parse("x.yaml", std::move(text), limits);
  REQUIRE_FALSE(document);
  return document.error().message();
}

// "a: &a [x, ...]", "b: &b [*a, ...]" and so on: each line ten times the one above it.
std::string billion_laughs() {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name <= 'j'; ++name) {
    text += fmt::format("{0}: &{0} [", name);
    for (int i = 0; i < 10; ++i) text += fmt::format("{}*{}", i == 0 ? "" : ", ", char(name - 1));
    text += "]\n";
  }
  return text;
}

}  // namespace

TEST_CASE("aliases that multiply end in an error at once") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(message_of(billion_laughs()) ==
        "the aliases of this file stand for more than 100000 values");
  // A hundredth of this in a release build; wide enough for sanitizers on a busy machine.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(1000));
}

TEST_CASE("an alias inside its own anchor") {
  CHECK(message_of("a: &a [*a]\n") == "the alias stands inside its own anchor");
}

TEST_CASE("an anchor that is not set") {
  CHECK(message_of("a: *nobody\n") == "the alias names an anchor that is not set above it");
}

TEST_CASE("depth") {
  const std::string deep = std::string(101, '[') + std::string(101, ']');
  CHECK(message_of(deep) == "lists and maps are nested deeper than 100 levels");
  CHECK(yaml::parse("x.yaml", std::string(100, '[') + std::string(100, ']')));
  // So deep that the library gives up first.
  CHECK_FALSE(yaml::parse("x.yaml", std::string(100000, '[')));
}

TEST_CASE("size") {
  CHECK(message_of("a: 12345\n", {.bytes = 8}) ==
        "'x.yaml' is too large: 9 bytes, at most 8 are read");
}

TEST_CASE("what is no UTF-8 or no text") {
  CHECK(message_of("a: \xFF\n") == "the file is not UTF-8: byte 0xFF at offset 3");
  auto utf16 = yaml::parse("x.yaml", std::string("\xFF\xFE"
                                                 "a\0:\0",
                                                 6));
  REQUIRE_FALSE(utf16);
  CHECK(utf16.error().diagnostics[0].hint == "it is UTF-16; save it as UTF-8");
  CHECK(message_of(std::string("a: \0b\n", 6)) == "a control character (0x00) in the text");
}
