#include "value/value.hpp"

#include <doctest/doctest.h>

#include <string>

using konvoy::value::Entry;
using konvoy::value::Kind;
using konvoy::value::List;
using konvoy::value::Map;
using konvoy::value::Value;

TEST_CASE("values of different kinds are different") {
  CHECK(Value(1) == Value(1));
  CHECK_FALSE(Value(1) == Value(1.0));
  CHECK_FALSE(Value(1) == Value(true));
  CHECK_FALSE(Value("1") == Value(1));
  CHECK(Value() == Value(nullptr));
}

TEST_CASE("origins do not count in a comparison") {
  CHECK(Value("a", {.secret = true}) == Value("a"));
}

TEST_CASE("a map keeps its order and the last of equal keys") {
  const Map map({Entry{.key = "b", .value = 1}, Entry{.key = "a", .value = 2},
                 Entry{.key = "b", .value = 3}});
  REQUIRE(map.size() == 2);
  CHECK(map.entries()[0].key == "b");
  CHECK(*map.find("b") == Value(3));
  CHECK(map.find("c") == nullptr);
}

TEST_CASE("a large map finds, replaces and copies like a small one") {
  Map map;
  for (int i = 0; i < 1000; ++i) map.set("key" + std::to_string(i), i);
  map.set("key500", "changed");
  const Map copy = map;
  CHECK(copy.size() == 1000);
  CHECK(*copy.find("key500") == Value("changed"));
  CHECK(*copy.find("key999") == Value(999));
  CHECK(copy == map);
}

TEST_CASE("a path leads through maps only") {
  Map inner;
  inner.set("enabled", true);
  Map outer;
  outer.set("fips", inner);
  outer.set("list", List{1});
  const Value value(outer);
  REQUIRE(value.at_path("fips.enabled") != nullptr);
  CHECK(*value.at_path("fips.enabled") == Value(true));
  CHECK(value.at_path("fips.nothing") == nullptr);
  CHECK(value.at_path("list.0") == nullptr);
}

TEST_CASE("secrets are known from above and never displayed") {
  Map inner;
  inner.set("token", Value("abc").as_secret());
  inner.set("user", "joe");
  const Value value(inner);
  CHECK(value.holds_secret());
  CHECK_FALSE(value.is_secret());
  CHECK(to_display(value) == R"({"token": ***, "user": "joe"})");
  CHECK(to_display(value.as_secret()) == "***");
}

TEST_CASE("display of scalars and lists") {
  CHECK(to_display(Value()) == "null");
  CHECK(to_display(Value(2.5)) == "2.5");
  CHECK(to_display(Value(List{1, "two", true})) == R"([1, "two", true])");
}
