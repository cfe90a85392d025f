#include "json/render.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "json/reader.hpp"

using konvoy::value::List;
using konvoy::value::Map;
using konvoy::value::Value;

namespace json = konvoy::json;

namespace {

Value sample() {
  Map inner;
  inner.set("z", Value(1.0));
  inner.set("a", Value(List{Value(1), Value("\"\n"), Value()}));
  Map map;
  map.set("map", Value(inner));
  map.set("empty", Value(List{}));
  map.set("nothing", Value(Map{}));
  return map;
}

}  // namespace

TEST_CASE("an indented text keeps the order of keys") {
  CHECK(json::render(sample()) ==
        "{\n"
        "  \"map\": {\n"
        "    \"z\": 1.0,\n"
        "    \"a\": [\n"
        "      1,\n"
        "      \"\\\"\\n\",\n"
        "      null\n"
        "    ]\n"
        "  },\n"
        "  \"empty\": [],\n"
        "  \"nothing\": {}\n"
        "}\n");
}

TEST_CASE("one line, sorted") {
  CHECK(json::render(sample(), {.indent = 0, .sort_keys = true}) ==
        R"({"empty": [], "map": {"a": [1, "\"\n", null], "z": 1.0}, "nothing": {}})");
}

TEST_CASE("what is written reads back as the same value") {
  auto again = json::parse("x.json", json::render(sample()));
  REQUIRE(again);
  CHECK(*again == sample());
  CHECK(json::render(Value(std::numeric_limits<double>::infinity()), {.indent = 0}) == "null");
  CHECK(json::render(Value(1e300), {.indent = 0}) == "1e+300");
}

TEST_CASE("secrets are masked unless they are asked for") {
  Map map;
  map.set("token", Value("abc").as_secret());
  CHECK(json::render(Value(map), {.indent = 0}) == R"({"token": "***"})");
  CHECK(json::render(Value(map), {.indent = 0, .reveal_secrets = true}) == R"({"token": "abc"})");
}
