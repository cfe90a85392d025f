#include "boot/command_line.hpp"

#include <doctest/doctest.h>

using namespace konvoy::boot;
using Words = std::vector<std::string>;

namespace {
const std::vector<ArgumentChange> fips_separate{{"fips", "1"}, {"boot", "UUID=ab-cd"}};
const std::vector<ArgumentChange> fips_in_root{{"fips", "1"}, {"boot", std::nullopt}};
}  // namespace

TEST_CASE("arguments are split as the kernel splits them") {
  CHECK(split_arguments("root=/dev/sda1  ro\tquiet ") == Words{"root=/dev/sda1", "ro", "quiet"});
  CHECK(split_arguments("dyndbg=\"file a +p\" \"x=y z\" ro") ==
        Words{"dyndbg=\"file a +p\"", "\"x=y z\"", "ro"});
  CHECK(split_arguments("ro -- fips=0 single") == Words{"ro"});
  CHECK(split_arguments("  ").empty());
}

TEST_CASE("the last argument counts") {
  CHECK(find_argument("fips=0 ro fips=1", "fips") == "1");
  CHECK(find_argument("ro fips", "fips") == "");
  CHECK(find_argument("xfips=1 fips1 fips.x=1", "fips") == std::nullopt);
  CHECK(find_argument("a=\"b c\"", "a") == "b c");
  CHECK(find_argument("\"a=b c\"", "a") == "b c");
  CHECK(find_argument("rd-x=1", "rd_x") == "1");
  CHECK(find_argument("ro -- fips=1", "fips") == std::nullopt);
  CHECK(find_argument("root=UUID=1-2", "root") == "UUID=1-2");
}

TEST_CASE("a new argument comes last, before -- and trailing space") {
  CHECK(change_arguments("ro  quiet", fips_separate) == "ro  quiet fips=1 boot=UUID=ab-cd");
  CHECK(change_arguments("ro ", fips_separate) == "ro fips=1 boot=UUID=ab-cd ");
  CHECK(change_arguments("", fips_in_root) == "fips=1");
  CHECK(change_arguments("ro -- single", fips_in_root) == "ro fips=1 -- single");
  CHECK(change_arguments("-- single", fips_in_root) == "fips=1 -- single");
}

TEST_CASE("an argument that is there keeps its place and doubles go") {
  CHECK(change_arguments("a fips=0 b fips=1 c", fips_in_root) == "a fips=1 b c");
  CHECK(change_arguments("boot=/dev/sda1 fips=1\tro", fips_separate) ==
        "boot=UUID=ab-cd fips=1\tro");
  CHECK(change_arguments("fips ro", fips_in_root) == "fips=1 ro");
}

TEST_CASE("an argument that must not be there goes with the space before it") {
  CHECK(change_arguments("ro boot=UUID=1 fips=1", fips_in_root) == "ro fips=1");
  CHECK(change_arguments("boot=UUID=1 fips=1 ro", fips_in_root) == "fips=1 ro");
  CHECK(change_arguments(" boot=UUID=1 fips=1", fips_in_root) == " fips=1");
  CHECK(change_arguments("boot=UUID=1", {{"boot", std::nullopt}}) == "");
}

TEST_CASE("a second run changes nothing") {
  for (const auto* text : {"ro", "", "fips=0 boot=x boot=y --", "a=\"b c\"  d ", "\"fips=1\" ro"}) {
    const auto once = change_arguments(text, fips_separate);
    CHECK(change_arguments(once, fips_separate) == once);
    CHECK(has_arguments(once, fips_separate));
  }
  CHECK_FALSE(has_arguments("ro fips=1", fips_separate));
}

TEST_CASE("text behind a variable only must not contradict") {
  CHECK(drop_conflicting_arguments("$kernelopts $tuned_params", fips_in_root) ==
        "$kernelopts $tuned_params");
  CHECK(drop_conflicting_arguments("$kernelopts fips=0 boot=UUID=1 fips=1", fips_in_root) ==
        "$kernelopts fips=1");
}

TEST_CASE("a value with a space is quoted") {
  CHECK(change_arguments("ro", {{"x", "a b"}}) == "ro x=\"a b\"");
}

TEST_CASE("a quote that is never closed takes nothing in") {
  const auto once = change_arguments("ro x=\"at", fips_in_root);
  CHECK(once == "ro fips=1 x=\"at");
  CHECK(change_arguments(once, fips_in_root) == once);
}
