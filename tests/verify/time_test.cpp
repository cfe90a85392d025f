#include "verify/time.hpp"

#include <doctest/doctest.h>

using namespace konvoy::verify;

TEST_CASE("times are read and written in one form") {
  CHECK(parse_time("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_time("2024-02-29T12:34:56Z") == 1709210096);
  CHECK(render_time(1709210096) == "2024-02-29T12:34:56Z");
}

TEST_CASE("anything else is no time") {
  for (const char* text :
       {"", "2024-02-30T00:00:00Z", "2024-02-28T24:00:00Z", "2024-02-28 00:00:00Z",
        "2024-02-28T00:00:00+01:00", "2024-2-28T0:0:0Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
  }
}
