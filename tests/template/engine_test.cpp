#include "template/engine.hpp"

#include <doctest/doctest.h>

namespace konvoy::templates {

TEST_CASE("a text without braces stays as it is") {
  Engine engine;
  const auto result = engine.render("plain");
  REQUIRE(result.ok());
  CHECK(result->value == value::Value("plain"));
}

}  // namespace konvoy::templates
