#include "resource/text_setting.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::test::Machine;
using konvoy::test::shown;

TEST_CASE("a line is added once, or takes the place of another") {
  CHECK(with_line("a\nb\n", {.line = "c"}) == "a\nb\nc\n");
  CHECK(with_line("a\nc", {.line = "c"}) == "a\nc");
  CHECK(with_line("key=1\nb\n", {.line = "key=2", .instead_of = "key="}) == "key=2\nb\n");
  CHECK(with_line("key=1\n key=3\n", {.line = "key=2", .instead_of = "key="}) == "key=1\nkey=2\n");
  CHECK(with_line("", {.line = "c"}) == "c\n");
}

TEST_CASE("a key of a section is set and nothing else moves") {
  const IniSetting gpgcheck{.section = "main", .key = "gpgcheck", .value = "1"};
  CHECK(with_ini_setting("[main]\n# gpgcheck=0\ngpgcheck = 0\nbest=True\n", gpgcheck) ==
        "[main]\n# gpgcheck=0\ngpgcheck=1\nbest=True\n");
  CHECK(with_ini_setting("[main]\ngpgcheck = 1\n", gpgcheck) == "[main]\ngpgcheck = 1\n");
  CHECK(with_ini_setting("[main]\nbest=True\n\n[other]\ngpgcheck=0\n", gpgcheck) ==
        "[main]\nbest=True\ngpgcheck=1\n\n[other]\ngpgcheck=0\n");
  CHECK(with_ini_setting("[other]\nx=1\n", gpgcheck) == "[other]\nx=1\n\n[main]\ngpgcheck=1\n");
  CHECK(with_ini_setting("", gpgcheck) == "[main]\ngpgcheck=1\n");
}

TEST_CASE("of a repeated key one line stays") {
  CHECK(with_ini_setting("[a]\nk=1\nk=2\n", {.section = "a", .key = "k", .value = "2"}) ==
        "[a]\nk=2\n");
  CHECK(with_ini_setting("[a]\nk=1\nk=2\nl=3\n", {.section = "a", .key = "k"}) == "[a]\nl=3\n");
}

TEST_CASE("keys before the first section") {
  CHECK(with_ini_setting("x=1\n[a]\nx=2\n", {.key = "x", .value = "3"}) == "x=3\n[a]\nx=2\n");
  CHECK(with_ini_setting("[a]\n", {.key = "x", .value = "3"}) == "x=3\n[a]\n");
}

TEST_CASE("a setting reads the file first") {
  const IniSetting setting{.path = "/etc/d.conf", .section = "main", .key = "a", .value = "1"};
  CHECK(shown(Machine{}.settle(setting)) == "write /etc/d.conf (is not there)");
  CHECK(shown(Machine{.files = {{"/etc/d.conf", "[main]\na=1\n"}}}.settle(setting)) == "nothing");
  CHECK(shown(Machine{.files = {{"/etc/d.conf", "[main]\na=0\n"}}}.settle(setting)) ==
        "write /etc/d.conf (a is not 1)");
  auto existing = setting;
  existing.only_in_existing = true;
  CHECK(shown(Machine{}.settle(existing)) == "nothing");
  CHECK(shown(Machine{.files = {{"/l", "b\n"}}}.settle(Line{.path = "/l", .line = "c"})) ==
        "write /l (lacks the line 'c')");
}
