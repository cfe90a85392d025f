#include <doctest/doctest.h>
#include <fmt/format.h>

#include <ctime>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "yaml/reader.hpp"

namespace yaml = konvoy::yaml;

namespace {

std::string message_of(std::string text, const yaml::Limits& limits = {}) {
  auto document = yaml::parse("x.yaml", std::move(text), limits);
  REQUIRE_FALSE(document);
  return document.error().message();
}

// Each line repeats the one above it ten times: in a list, in a map, or by merging into maps.
struct Bomb {
  std::string_view first;  // the content of the first line
  std::string_view open;
  std::string_view item;  // {0}: the line above, {1}: a number
  std::string_view close;
};

std::string billion_laughs(const Bomb& bomb) {
  auto text = fmt::format("a: &a {}\n", bomb.first);
  for (char name = 'b'; name <= 'j'; ++name) {
    text += fmt::format("{0}: &{0} {1}", name, bomb.open);
    for (int i = 0; i < 10; ++i) {
      text += i == 0 ? "" : ", ";
      text += fmt::format(fmt::runtime(bomb.item), static_cast<char>(name - 1), i);
    }
    text += fmt::format("{}\n", bomb.close);
  }
  return text;
}

// Processor time: what else the machine does has no part in it.
double milliseconds_since(std::clock_t start) {
  return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("aliases that multiply end in an error at once") {
  const std::vector<Bomb> bombs = {
      {"[x, x]", "[", "*{0}", "]"},
      {"{x: 1}", "{", "k{1}: *{0}", "}"},
      {"{x: 1}", "[", "{{<<: *{0}, k{1}: *{0}}}", "]"},
  };
  for (const auto& bomb : bombs) {
    const auto text = billion_laughs(bomb);
    INFO(text);
    const auto start = std::clock();
    CHECK(message_of(text) == "the aliases of this file stand for more than 100000 values");
    CHECK(milliseconds_since(start) < 100);
  }
}

TEST_CASE("aliases that repeat one long text") {
  std::string text = fmt::format("a: &a {}\nb: [", std::string(200000, 'x'));
  for (int i = 0; i < 1000; ++i) text += "*a, ";
  text += "]\n";
  CHECK(message_of(text) == "the aliases of this file stand for more than 4194304 bytes of text");
  CHECK(yaml::parse("x.yaml", "a: &a xyz\nb: [*a, *a]\n", {.text_by_alias = 6}));
  CHECK_FALSE(yaml::parse("x.yaml", "a: &a xyz\nb: [*a, *a]\n", {.text_by_alias = 5}));
}

TEST_CASE("what follows the first mistake is not read") {
  // Four megabytes that cost seconds, were they scanned.
  std::string text = "a: !!int x\n";
  while (text.size() < 4000000) text += "key: {a: [b, c, \"d\"], e: 'f'}\n";
  const auto start = std::clock();
  CHECK(message_of(text) == "the value is no int, which its tag says it is");
  CHECK(milliseconds_since(start) < 500);
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
