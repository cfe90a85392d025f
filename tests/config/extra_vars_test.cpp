#include "config/extra_vars.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "config/documents.hpp"
#include "config/merge.hpp"

using konvoy::config::LayerKind;
using konvoy::config::parse_extra_vars;
using konvoy::value::Value;

namespace {

konvoy::base::Result<std::string> read_named(const std::string& path) {
  if (path == "vars.yaml") return std::string("a: 1\nb: {c: [x]}\na: 2\n");
  if (path == "vars.json") return std::string("{\"j\": true}");
  return konvoy::base::Error(konvoy::base::ErrorKind::input, "cannot read '" + path + "'");
}

// What all of the arguments set, one over the other.
Value set_by(const std::vector<std::string>& arguments) {
  auto vars = parse_extra_vars(arguments, read_named);
  const auto problems = vars ? "" : konvoy::base::render(vars.error().diagnostics);
  INFO(problems);
  REQUIRE(vars);
  auto layers = vars->layers;
  layers.insert(layers.begin(),
                konvoy::test::layer(LayerKind::defaults, "kubernetes_version: 1.2.3\n"));
  auto merged = konvoy::config::merge(layers);
  REQUIRE(merged);
  return merged->value;
}

std::string error_of(const std::vector<std::string>& arguments) {
  auto vars = parse_extra_vars(arguments, read_named);
  REQUIRE_FALSE(vars);
  return konvoy::base::render(vars.error().diagnostics);
}

}  // namespace

TEST_CASE("key=value: always text, the value may hold '=' and be empty") {
  const auto value = set_by({"a=x=y=", "b=", "c= spaced ", "d=true"});
  CHECK(*value.at_path("a") == Value("x=y="));
  CHECK(*value.at_path("b") == Value(""));
  CHECK(*value.at_path("c") == Value(" spaced "));
  CHECK(*value.at_path("d") == Value("true"));
}

TEST_CASE("commas separate items, unless an item stands in quotes") {
  const auto value = set_by({"a=1,b=2", "\"c=3,4\",d=5", "\"e=say \"\"hi\"\"\""});
  CHECK(*value.at_path("a") == Value("1"));
  CHECK(*value.at_path("b") == Value("2"));
  CHECK(*value.at_path("c") == Value("3,4"));
  CHECK(*value.at_path("d") == Value("5"));
  CHECK(*value.at_path("e") == Value("say \"hi\""));
}

TEST_CASE("a dotted name sets a key of a map, and leaves the others") {
  const auto value = set_by({"fips.enabled=true", "fips.level=2"});
  CHECK(*value.at_path("fips.enabled") == Value("true"));
  CHECK(*value.at_path("fips.level") == Value("2"));
}

TEST_CASE("files and JSON objects keep their types") {
  const auto value = set_by({"@vars.yaml", "@vars.json", " {\"n\": 1, \"x.y\": {\"z\": null}}"});
  CHECK(*value.at_path("a") == Value(2));
  CHECK(value.at_path("b.c")->is_list());
  CHECK(*value.at_path("j") == Value(true));
  CHECK(*value.at_path("n") == Value(1));
  CHECK(value.map()->find("x.y") != nullptr);
  auto vars = parse_extra_vars(std::vector<std::string>{"@vars.yaml"}, read_named);
  CHECK(vars->warnings.size() == 1);
}

TEST_CASE("later arguments win") {
  CHECK(*set_by({"a=1", "@vars.yaml", "a=3"}).at_path("a") == Value("3"));
}

TEST_CASE("nothing is dropped: all mistakes are told together") {
  CHECK(
      error_of({"a=1,b", "=c", "a..b=1", "@none.yaml"}) ==
      "--extra-vars:1:1: error: 'b' sets no variable\n"
      "    1 | b\n"
      "      | ^\n"
      "  hint: write key=value, @FILE or a JSON object; when a value holds a comma, put the whole "
      "item into double quotes: '\"key=a,b\"'\n"
      "--extra-vars:1:1: error: the name of the variable is missing, or has an empty part\n"
      "    1 | =c\n"
      "      | ^\n"
      "  hint: write key=value, or a.b=value for a key of a map\n"
      "--extra-vars:1:1: error: the name of the variable is missing, or has an empty part\n"
      "    1 | a..b=1\n"
      "      | ^~~~\n"
      "  hint: write key=value, or a.b=value for a key of a map\n"
      "error: cannot read 'none.yaml'\n");
}

TEST_CASE("a broken JSON object has a place") {
  CHECK(error_of({"{\"a\": }"}).find("--extra-vars:1:7: error: not JSON") == 0);
}
