#include "boot/shell_assignment.hpp"

#include <doctest/doctest.h>

using namespace konvoy::boot;

namespace {
std::string problem(std::string_view text) {
  const auto found = find_assignments(text, "NAME", "/etc/f");
  return found ? "" : found.error().message();
}
}  // namespace

TEST_CASE("assignments are found with their quotes and what is behind") {
  const auto all = find_assignments(
      "#NAME=no\n NAMES=no\n  NAME=\"a \\\" b\"\t# why\nexport NAME='c'\nNAME=", "NAME", "f");
  REQUIRE(all.ok());
  REQUIRE(all->size() == 3);
  CHECK(all->at(0).value == "a \\\" b");
  CHECK(all->at(0).quote == '"');
  CHECK(all->at(0).indent == "  ");
  CHECK(all->at(0).behind == "\t# why");
  CHECK(all->at(0).line == 3);
  CHECK(all->at(1).value == "c");
  CHECK(all->at(1).indent == "export ");
  CHECK(all->at(2).value.empty());
}

TEST_CASE("a value that is not one word on one line is refused with its place") {
  CHECK(problem("x=1\nNAME=\"a \\\nb\"\n") ==
        "/etc/f:2: NAME is not understood: its value goes on in the next line");
  CHECK(problem("NAME=\"a\nb\"\n") ==
        "/etc/f:1: NAME is not understood: its value goes on in the next line");
  CHECK(problem("NAME=a\\\n") ==
        "/etc/f:1: NAME is not understood: its value goes on in the next line");
  CHECK(problem("NAME=\"a\"b\n") ==
        "/etc/f:1: NAME is not understood: something follows its value without a space");
  CHECK(problem("NAME=a; x\n") ==
        "/etc/f:1: NAME is not understood: something follows its value without a space");
  CHECK(problem("NAME=a x\n") ==
        "/etc/f:1: NAME is not understood: something other than a comment follows its value");
  CHECK(problem("NAME=a\"b\"\n") ==
        "/etc/f:1: NAME is not understood: its value has quotes in the middle");
  CHECK(problem("NAME+=\" a\"\n") == "/etc/f:1: NAME is not understood: it is added to with +=");
}

TEST_CASE("a word is assigned in place of every line, also of a comment, or at the end") {
  CHECK(assign_word("a\n#PRELINKING=yes\nb", "PRELINKING", "no") == "a\nPRELINKING=no\nb");
  CHECK(assign_word(" PRELINKING=yes # x\n", "PRELINKING", "no") == "PRELINKING=no\n");
  CHECK(assign_word("a", "PRELINKING", "no") == "a\nPRELINKING=no\n");
  CHECK(assign_word("", "PRELINKING", "no") == "PRELINKING=no\n");
  CHECK(assign_word("PRELINKING_X=1\n", "PRELINKING", "no") == "PRELINKING_X=1\nPRELINKING=no\n");
  CHECK(assign_word("PRELINKING=no\n", "PRELINKING", "no") == "PRELINKING=no\n");
}
