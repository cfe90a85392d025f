#include "yaml/reader.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/diagnostic.hpp"

using konvoy::base::render;
using konvoy::value::Kind;
using konvoy::value::Quoting;
using konvoy::value::Value;

namespace yaml = konvoy::yaml;

namespace {

yaml::Document read(std::string text) {
  auto document = yaml::parse("x.yaml", std::move(text));
  const auto problems = document ? std::string() : render(document.error().diagnostics);
  INFO(problems);
  REQUIRE(document);
  return std::move(document).value();
}

std::string error_of(std::string text) {
  auto document = yaml::parse("x.yaml", std::move(text));
  REQUIRE_FALSE(document);
  CHECK(document.error().kind == konvoy::base::ErrorKind::input);
  return render(document.error().diagnostics);
}

Value at(const yaml::Document& document, std::string_view path) {
  const auto* found = document.value.at_path(path);
  REQUIRE(found != nullptr);
  return *found;
}

std::string place(const Value& value) {
  return value.span().location();
}

}  // namespace

TEST_CASE("every value knows where it stands and how it was quoted") {
  const auto document = read(
      "a: plain\n"
      "b:\n"
      "  - 'single'\n"
      "  - \"double\"\n"
      "c: |\n"
      "  text\n"
      "d: >-\n"
      "  folded\n"
      "  text\n"
      "e: &name !!str 12\n");
  CHECK(at(document, "a") == Value("plain"));
  CHECK(place(at(document, "a")) == "x.yaml:1:4");
  CHECK(at(document, "a").span().length == 5);
  const auto items = *at(document, "b").list();
  CHECK(place(items[0]) == "x.yaml:3:5");
  CHECK(items[0].span().length == 8);
  CHECK(items[0].quoting() == Quoting::single_quoted);
  CHECK(items[1].quoting() == Quoting::double_quoted);
  CHECK(at(document, "c") == Value("text\n"));
  CHECK(at(document, "c").quoting() == Quoting::literal_block);
  CHECK(at(document, "d") == Value("folded text"));
  CHECK(at(document, "d").quoting() == Quoting::folded_block);
  CHECK(at(document, "e") == Value("12"));
  CHECK(place(at(document, "e")) == "x.yaml:10:16");
  CHECK(document.value.map()->find_entry("b")->key_span.location() == "x.yaml:2:1");
}

TEST_CASE("columns count characters, not bytes") {
  const auto document = read(
      "{\"gr\xC3\xB6\xC3\x9F"
      "e\": 1, b: 2}\n");
  CHECK(place(at(document, "b")) == "x.yaml:1:17");
}

TEST_CASE("a byte order mark and CRLF are accepted") {
  const auto document = read(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: |\r\n  x\r\n  y\r\n");
  CHECK(at(document, "a") == Value(1));
  CHECK(at(document, "b") == Value("x\ny\n"));
  CHECK(place(at(document, "a")) == "x.yaml:1:4");
}

TEST_CASE("an empty text, a comment and a bare document are null") {
  for (const auto* text : {"", "# only a comment\n", "---\n", "null\n", "---\n...\n"}) {
    CAPTURE(text);
    const auto document = read(text);
    CHECK(document.value.is_null());
    CHECK(document.warnings.empty());
  }
}

TEST_CASE("an empty value has the place of its key") {
  const auto document = read("goss_url:\nb: ~\n");
  CHECK(at(document, "goss_url").is_null());
  CHECK(place(at(document, "goss_url")) == "x.yaml:1:1");
  CHECK(place(at(document, "b")) == "x.yaml:2:4");
}

TEST_CASE("aliases repeat a value and keep their own place") {
  const auto document = read("a: &x {k: 1}\nb: *x\n");
  CHECK(at(document, "b") == at(document, "a"));
  CHECK(place(at(document, "b")) == "x.yaml:2:4");
}

TEST_CASE("'<<' merges in the order of the text, as konvoy-image-builder does") {
  const auto document = read(
      "base: &base {enabled: true, level: 1}\n"
      "early:\n"
      "  <<: *base\n"
      "  level: 2\n"
      "late:\n"
      "  enabled: false\n"
      "  <<: *base\n"
      "several:\n"
      "  <<: [{a: 1, b: 1}, {b: 2, c: 2}]\n"
      "quoted: {'<<': 1}\n");
  CHECK(at(document, "early.level") == Value(2));
  CHECK(at(document, "late.enabled") == Value(true));
  CHECK(at(document, "several.b") == Value(1));
  CHECK(at(document, "several.c") == Value(2));
  CHECK(at(document, "quoted.<<") == Value(1));
  CHECK(render(document.warnings) ==
        "x.yaml:7:3: warning: '<<' replaces the key 'enabled' set above it\n"
        "    7 |   <<: *base\n"
        "      |   ^~\n"
        "  note: 'enabled' is set here (x.yaml:6:3)\n"
        "  hint: put '<<' first, so that the keys of this map win\n");
}

TEST_CASE("'<<' needs maps") {
  CHECK(error_of("a:\n  <<: 1\n").find("x.yaml:2:3: error: '<<' needs a map") == 0);
  CHECK(error_of("a:\n  <<: [1]\n").find("x.yaml:2:8: error: '<<' needs a map") == 0);
}

TEST_CASE("keys that are no text become text") {
  const auto document = read("8080: a\nyes: b\nnested:\n  010: c\n  yes: d\n  ~: e\n  1.50: f\n");
  CHECK(at(document, "8080") == Value("a"));
  CHECK(at(document, "yes") == Value("b"));
  CHECK(at(document, "nested.8") == Value("c"));
  CHECK(at(document, "nested.true") == Value("d"));
  CHECK(at(document, "nested.null") == Value("e"));
  const auto nested = at(document, "nested");
  CHECK(nested.map()->find("1.50") != nullptr);
  CHECK(nested.map()->find_entry("8")->key_kind == Kind::integer);
}

TEST_CASE("a duplicate key is warned of with both lines, and the last wins") {
  const auto document = read("a: 1\nb: 2\na: 3\n");
  CHECK(at(document, "a") == Value(3));
  CHECK(render(document.warnings) ==
        "x.yaml:3:1: warning: duplicate key 'a'; this one wins\n"
        "    3 | a: 3\n"
        "      | ^\n"
        "  note: 'a' is first set here (x.yaml:1:1)\n"
        "  hint: remove one of the two\n");
}

TEST_CASE("a line that shows a secret is not quoted") {
  const auto document = read("rhsm_password: first\nrhsm_password: hunter2\n");
  CHECK(render(document.warnings).find("hunter2") == std::string::npos);
  CHECK(error_of("{user: me, \"auth_token\": abc, {}: 1}\n").find("abc") == std::string::npos);
}

TEST_CASE("further documents are warned of, also when they are broken") {
  for (const auto* text : {"a: 1\n---\nb: 2\n", "a: 1\n---\nb: [\n"}) {
    const auto document = read(text);
    CHECK(at(document, "a") == Value(1));
    REQUIRE(document.warnings.size() == 1);
    CHECK(document.warnings[0].message == "a second YAML document starts here; it is not read");
    CHECK(document.warnings[0].span->line >= 2);
  }
  CHECK(read("a: 1\n---\n").warnings.empty());
}

TEST_CASE("tags") {
  const auto document = read("a: !!int 5\nb: !!float 5\nc: !!binary aGk=\nd: ! 12\ne: !vault x\n");
  CHECK(at(document, "a") == Value(5));
  CHECK(at(document, "b") == Value(5.0));
  CHECK(at(document, "c") == Value("hi"));
  CHECK(at(document, "d") == Value("12"));
  CHECK(at(document, "e") == Value("x"));
  REQUIRE(document.warnings.size() == 1);
  CHECK(document.warnings[0].message == "unknown tag '!vault': the value is read without it");
  CHECK(error_of("a: !!int five\n").find("the value is no int") != std::string::npos);
}

TEST_CASE("a template without quotes is a map as a key: the message says what to do") {
  CHECK(error_of("a: {{ version }}\n") ==
        "x.yaml:1:5: error: a map cannot be the key of a map\n"
        "    1 | a: {{ version }}\n"
        "      |     ^\n"
        "  hint: a template must stand in quotes: \"{{ name }}\"\n");
}

TEST_CASE("a quoted text that does not end, also when the file ends with a line break") {
  for (const auto* text : {"a: \"b\nc: d\n", "a: 'b''\n", "a: \"b\\\"\n", "a: \"b"}) {
    CAPTURE(text);
    CHECK(error_of(text).find("the quoted text does not end") != std::string::npos);
  }
}

TEST_CASE("indentation by tabs, and keys that are too deep") {
  CHECK(error_of("fips:\n\tenabled: true\n").find("x.yaml:2:1: error: a tab indents this line") ==
        0);
  CHECK(error_of("a:\n  b: 1\n    c: 2\n").find("x.yaml:3:1: error: this key is indented deeper") ==
        0);
  CHECK(error_of("a: b: c\n").find("a second ': ' in one line") != std::string::npos);
}

TEST_CASE("an alias as a key, and one of a map beside it") {
  const auto document = read("a: &k name\nb: &m {x: 1}\nc: {*k : 1}\nd: *m\n");
  CHECK(at(document, "c.name") == Value(1));
  CHECK(at(document, "d.x") == Value(1));
}

TEST_CASE("escapes in double quotes are UTF-8, whatever they stand for") {
  const auto document = read("a: \"two\\N\\_\\L\\P\\x85\\u00e9\"\n\"k\\N\": 'two\\N'\n");
  CHECK(at(document, "a") == Value("two\xC2\x85\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9\xC2\x85\xC3\xA9"));
  CHECK(at(document, "k\xC2\x85") == Value("two\\N"));
  CHECK(at(read("a: !\"\\N\"\n"), "a") == Value("\xC2\x85"));
}
