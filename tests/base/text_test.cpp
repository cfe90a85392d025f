#include "base/text.hpp"

#include <doctest/doctest.h>

using namespace konvoy::base;
using Words = std::vector<std::string>;

TEST_CASE("splitting and joining") {
  CHECK(split("a,,b", ',') == Words{"a", "", "b"});
  CHECK(split("", ',') == Words{""});
  CHECK(split_words("  a \t b\n") == Words{"a", "b"});
  CHECK(split_lines("a\r\n\nb\n") == Words{"a", "", "b"});
  CHECK(split_lines("").empty());
  CHECK(join(Words{"a", "b"}, ", ") == "a, b");
  CHECK(trim(" \t x y \n") == "x y");
  CHECK(replace_all("aXbX", "X", "--") == "a--b--");
}

TEST_CASE("globs") {
  CHECK(matches_glob("node-12", "node-*"));
  CHECK(matches_glob("node-12", "*-1?"));
  CHECK(matches_glob("node-12", "node-[0-9]2"));
  CHECK_FALSE(matches_glob("node-x2", "node-[!a-z]2"));
  CHECK(matches_glob("abcabd", "*abd"));
  CHECK_FALSE(matches_glob("abc", "ab"));
  CHECK(matches_glob("[", "["));
}

TEST_CASE("versions compare as rpm compares them") {
  CHECK(compare_versions("1.10", "1.9") > 0);
  CHECK(compare_versions("1.0~rc1", "1.0") < 0);
  CHECK(compare_versions("1.0^git1", "1.0") > 0);
  CHECK(compare_versions("1.0^git1", "1.0.1") < 0);
  CHECK(compare_versions("4.18.0-305.el8", "4.18.0-80.el8") > 0);
  CHECK(compare_versions("1.05", "1.5") == 0);
  CHECK(compare_versions("1.a", "1.1") < 0);
  CHECK(compare_versions("1.0", "1.0.0") < 0);
}
