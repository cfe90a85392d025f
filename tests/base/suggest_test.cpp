#include "base/suggest.hpp"

#include <doctest/doctest.h>

using namespace konvoy::base;

TEST_CASE("edits are counted up to the limit") {
  CHECK(edit_distance("kitten", "sitting", 5) == 3);
  CHECK(edit_distance("ab", "ba", 5) == 1);
  CHECK(edit_distance("same", "same", 5) == 0);
  CHECK(edit_distance("abcdef", "uvwxyz", 2) == 3);
}

TEST_CASE("only close names are suggested, the closest first") {
  const std::vector<std::string> known = {"kubernetes_version", "kubernetes_semver", "fips",
                                          "packer"};
  CHECK(did_you_mean("kubernets_version", known) == "did you mean 'kubernetes_version'?");
  CHECK(did_you_mean("fisp", known) == "did you mean 'fips'?");
  CHECK(did_you_mean("something_else", known).empty());
  CHECK(did_you_mean("j", std::vector<std::string>{"a", "jk"}).empty());
  CHECK(close_names("fips", known).empty());
}
