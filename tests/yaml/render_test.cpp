#include "yaml/render.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "yaml/reader.hpp"

using konvoy::value::List;
using konvoy::value::Map;
using konvoy::value::Value;

namespace yaml = konvoy::yaml;

namespace {

Value read(const std::string& text) {
  auto document = yaml::parse("x.yaml", text);
  INFO(text);
  REQUIRE(document);
  return document->value;
}

}  // namespace

TEST_CASE("a tree in block style") {
  const auto value = read(
      "fips: {enabled: true, level: '1'}\n"
      "list: [a, {b: 1, c: [2, 3]}, [4, [5]], [], {}]\n"
      "text: \"a\\nb\\n\"\n"
      "empty: ''\n"
      "nothing: ~\n"
      "8080: port\n");
  CHECK(yaml::render(value) ==
        "fips:\n"
        "  enabled: true\n"
        "  level: \"1\"\n"
        "list:\n"
        "- a\n"
        "- b: 1\n"
        "  c:\n"
        "  - 2\n"
        "  - 3\n"
        "- - 4\n"
        "  - - 5\n"
        "- []\n"
        "- {}\n"
        "text: |\n"
        "  a\n"
        "  b\n"
        "empty: \"\"\n"
        "nothing: null\n"
        "8080: port\n");
}

TEST_CASE("what is written reads back as the same value") {
  for (const auto* text : {"yes",
                           "0755",
                           "1:20",
                           "2021-07-01",
                           "-",
                           "- a",
                           "a: b",
                           "a #b",
                           " a",
                           "a ",
                           "{{ x }}",
                           "[a",
                           "*a",
                           "&a",
                           "!a",
                           "%a",
                           "@a",
                           "`a",
                           "null",
                           "~",
                           "",
                           "a\nb",
                           "a\n\nb\n",
                           "\n",
                           "a\n\n",
                           " a\nb",
                           "a\tb",
                           "\x01",
                           "\x7F",
                           "'",
                           "\"",
                           "\\",
                           "...",
                           "---",
                           "<<",
                           "=",
                           "1e3",
                           ".5",
                           "#",
                           "a:",
                           "\xC3\xB6",
                           "\xC2\x85",
                           "\xE2\x80\xA8",
                           "\xEF\xBB\xBF",
                           "a\r\nb",
                           "?",
                           "? a",
                           "0o7",
                           "1_000",
                           "x: |\n  y"}) {
    CAPTURE(text);
    Map map;
    map.set("key", Value(text));
    map.set(text, Value(1));
    map.set("list", Value(List{Value(text), Value(List{Value(text)})}));
    CHECK(read(yaml::render(Value(map))) == Value(map));
    CHECK(read(yaml::render(Value(text))) == Value(text));
  }
}

TEST_CASE("numbers read back as what they were") {
  for (const double number : {1.0, 0.1, 1e300, -2.5e-7, std::numeric_limits<double>::infinity()}) {
    CAPTURE(number);
    CHECK(read(yaml::render(Value(number))) == Value(number));
  }
}

TEST_CASE("secrets are masked unless they are asked for") {
  Map map;
  map.set("password", Value("hunter2").as_secret());
  map.set("auth", read("{user: me, pass: hunter2}").as_secret());
  CHECK(yaml::render(Value(map)) == "password: '***'\nauth: '***'\n");
  CHECK(yaml::render(Value(map), {.reveal_secrets = true}) ==
        "password: hunter2\nauth:\n  user: me\n  pass: hunter2\n");
}

TEST_CASE("comments above entries") {
  const auto comment = [](std::string_view path, const konvoy::value::Entry& entry) {
    return entry.value.is_map() ? std::string() : std::string(path);
  };
  CHECK(yaml::render(read("a: {b: 1}\nc: 2\n"), {.comment = comment}) ==
        "a:\n  # a.b\n  b: 1\n# c\nc: 2\n");
}

TEST_CASE("bytes that are no text are written as such") {
  const auto value = read("a: !!binary gIAK\nb: [!!binary /w==]\n!!binary og==: c\n");
  const auto text = yaml::render(value);
  CHECK(text == "a: !!binary gIAK\nb:\n- !!binary /w==\n!!binary og==: c\n");
  CHECK(read(text) == value);
}
