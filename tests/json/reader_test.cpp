#include "json/reader.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "base/diagnostic.hpp"

using konvoy::base::render;
using konvoy::value::Value;

namespace json = konvoy::json;

namespace {

Value read(std::string text) {
  auto value = json::parse("x.json", std::move(text));
  const auto problems = value ? std::string() : render(value.error().diagnostics);
  INFO(problems);
  REQUIRE(value);
  return std::move(value).value();
}

std::string error_of(std::string text) {
  auto value = json::parse("x.json", std::move(text));
  REQUIRE_FALSE(value);
  return render(value.error().diagnostics);
}

}  // namespace

TEST_CASE("values of every kind") {
  const auto value = read(R"({"a": [1, -2, 2.5, 1e3, true, null, "x\n\u00f6"], "b": {"c": {}}})");
  const auto& items = *value.at_path("a")->list();
  CHECK(items[0] == Value(1));
  CHECK(items[1] == Value(-2));
  CHECK(items[2] == Value(2.5));
  CHECK(items[3] == Value(1000.0));
  CHECK(items[4] == Value(true));
  CHECK(items[5].is_null());
  CHECK(items[6] == Value("x\n\xC3\xB6"));
  CHECK(value.at_path("b.c")->map()->empty());
  CHECK(read("9223372036854775808") == Value(9223372036854775808.0));
}

TEST_CASE("every value knows where it stands") {
  const auto value = read("{\n  \"k\\\"\xC3\xB6\": 12,\n  \"b\" : [ \"x\\\\\", 3.5 ,\nfalse]\n}\n");
  const auto& first = value.map()->entries()[0];
  CHECK(first.key_span.location() == "x.json:2:3");
  CHECK(first.key_span.length == 6);
  CHECK(first.value.span().location() == "x.json:2:11");
  CHECK(first.value.span().length == 2);
  const auto& items = *value.at_path("b")->list();
  CHECK(items[0].span().location() == "x.json:3:11");
  CHECK(items[1].span().location() == "x.json:3:18");
  CHECK(items[2].span().location() == "x.json:4:1");
  CHECK(value.at_path("b")->span().location() == "x.json:3:9");
}

TEST_CASE("a number stands where it starts, whatever follows it") {
  const auto place_of = [](const Value& value) {
    return std::pair(value.span().column, value.span().length);
  };
  const auto list = read("[1234,5678 ,-9.25e3\t,12]");
  const auto& items = *list.list();
  CHECK(place_of(items[0]) == std::pair(2U, 4U));
  CHECK(place_of(items[1]) == std::pair(7U, 4U));
  CHECK(place_of(items[2]) == std::pair(13U, 7U));
  CHECK(place_of(items[3]) == std::pair(22U, 2U));
  const auto map = read("{\"a\":1234,\"b\":{\"c\":56}}");
  CHECK(place_of(*map.at_path("a")) == std::pair(6U, 4U));
  CHECK(place_of(*map.at_path("b.c")) == std::pair(20U, 2U));
  CHECK(place_of(read("4321")) == std::pair(1U, 4U));
  CHECK(place_of(read("4321\n")) == std::pair(1U, 4U));
}

TEST_CASE("mistakes have a place") {
  CHECK(error_of("{\"a\": 1,\n \"a\": 2}") ==
        "x.json:2:2: error: the key 'a' stands twice in one object\n"
        "    2 |  \"a\": 2}\n"
        "      |  ^~~\n"
        "  hint: remove one of the two\n");
  CHECK(error_of("{\"a\": 1,\n \"b\" 2}").find("x.json:2:6: error: not JSON: ") == 0);
  CHECK(error_of("[1, 2").find("not JSON: the text ends too early") != std::string::npos);
  CHECK(error_of("").find("not JSON: the text ends too early") != std::string::npos);
  CHECK(error_of("1 2").find("x.json:1:3: error: not JSON") == 0);
  CHECK(error_of("\"\xFF\"").find("not UTF-8") != std::string::npos);
}

TEST_CASE("limits") {
  CHECK(error_of(std::string(101, '[')).find("nested deeper than 100 levels") != std::string::npos);
  auto large = json::parse("x.json", "[1, 2, 3]", {.bytes = 4});
  REQUIRE_FALSE(large);
  CHECK(large.error().message() == "'x.json' is too large: 9 bytes, at most 4 are read");
}

TEST_CASE("a text that holds a secret is not quoted") {
  CHECK(error_of("{\"password\": \"hunter2\", }").find("hunter2") == std::string::npos);
}
