#include "record/difference.hpp"

#include <doctest/doctest.h>

#include "json/reader.hpp"

using namespace konvoy::record;
using konvoy::value::Value;

namespace {

std::string shown(const std::string& a, const std::string& b) {
  std::string text;
  for (const auto& one : differences(*konvoy::json::parse("a", a), *konvoy::json::parse("b", b))) {
    text += one.path + ": " + to_display(one.a) + " -> " + to_display(one.b) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("differences go down to what differs") {
  CHECK(shown(R"({"x":{"y":1,"z":[1,2]}})", R"({"x":{"y":2,"z":[1,3]}})") ==
        "x.y: 1 -> 2\nx.z[1]: 2 -> 3\n");
  CHECK(shown(R"({"x":1})", R"({"x":[1]})") == "x: 1 -> [1]\n");
}

TEST_CASE("items of lists go by their names") {
  CHECK(shown(R"({"packages":[{"name":"b","version":"1"}]})",
              R"({"packages":[{"name":"a","version":"1"},{"name":"b","version":"2"}]})")
            .find("packages[b].version: 1 -> 2") != std::string::npos);
}

TEST_CASE("times do not count") {
  CHECK(shown(R"({"started":"a","seconds":1,"x":1})", R"({"started":"b","seconds":2,"x":1})")
            .empty());
}
