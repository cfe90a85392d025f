#include "config/schema.hpp"

#include <doctest/doctest.h>

#include <string>

#include "value/value.hpp"

using konvoy::config::find_variable;
using konvoy::config::fits;
using konvoy::config::Type;
using konvoy::value::List;
using konvoy::value::Map;
using konvoy::value::Value;

TEST_CASE("every variable is found, and nothing else") {
  for (const auto& variable : konvoy::config::variables()) {
    CAPTURE(std::string(variable.path));
    CHECK(find_variable(variable.path) == &variable);
    CHECK_FALSE(variable.meaning.empty());
    CHECK_FALSE(variable.meaning.ends_with('.'));
    CHECK_FALSE(variable.since.empty());
  }
  CHECK(find_variable("fips.enable") == nullptr);
  CHECK(find_variable("") == nullptr);
}

TEST_CASE("what stands below another variable stands below a map") {
  for (const auto& variable : konvoy::config::variables()) {
    const auto dot = variable.path.rfind('.');
    if (dot == std::string_view::npos) continue;
    CAPTURE(std::string(variable.path));
    const auto* parent = find_variable(variable.path.substr(0, dot));
    REQUIRE(parent != nullptr);
    const bool is_map = parent->type == Type::map || parent->type == Type::open_map;
    CHECK(is_map);
  }
}

TEST_CASE("types accept what users of konvoy-image-builder write") {
  CHECK(fits(Type::text, Value("a")));
  CHECK(fits(Type::text, Value(15)));
  CHECK_FALSE(fits(Type::text, Value(8.1)));
  CHECK_FALSE(fits(Type::text, Value(List{})));
  CHECK(fits(Type::boolean, Value("true")));
  CHECK(fits(Type::boolean, Value("Yes")));
  CHECK(fits(Type::boolean, Value(1)));
  CHECK_FALSE(fits(Type::boolean, Value("maybe")));
  CHECK_FALSE(fits(Type::boolean, Value(2)));
  CHECK(fits(Type::integer, Value("85")));
  CHECK_FALSE(fits(Type::integer, Value("85%")));
  CHECK_FALSE(fits(Type::list, Value("a")));
  CHECK_FALSE(fits(Type::map, Value(true)));
  CHECK(fits(Type::open_map, Value(Map{})));
  for (const auto type : {Type::boolean, Type::integer, Type::list, Type::map}) {
    CHECK(fits(type, Value("{{ other }}")));
    CHECK(fits(type, Value()));
  }
}
