#include "config/merge.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "config/documents.hpp"

using konvoy::config::Config;
using konvoy::config::Layer;
using konvoy::config::LayerKind;
using konvoy::test::layer;
using konvoy::value::Value;

namespace config = konvoy::config;

namespace {

Config merged(std::vector<Layer> layers) {
  layers.insert(layers.begin(), layer(LayerKind::defaults, "kubernetes_version: 1.21.3\n", "c"));
  auto result = config::merge(layers);
  const auto problems = result ? "" : konvoy::base::render(result.error().diagnostics);
  INFO(problems);
  REQUIRE(result);
  return std::move(result).value();
}

// What `second` makes of `first`.
std::string over(const std::string& first, const std::string& second,
                 const config::MergeRules& rules = {}) {
  const std::vector<Layer> layers = {layer(LayerKind::defaults, "kubernetes_version: 1.21.3\n"),
                                     layer(LayerKind::image, "x: " + first + "\n", "a"),
                                     layer(LayerKind::overrides, "x: " + second + "\n", "b")};
  auto result = config::merge(layers, rules);
  REQUIRE(result);
  return konvoy::value::to_display(*result->value.at_path("x"));
}

std::string warnings_of(const std::string& first, const std::string& second) {
  const auto config = merged({layer(LayerKind::image, first, "image.yaml"),
                              layer(LayerKind::overrides, second, "o.yaml")});
  return konvoy::base::render(config.warnings);
}

}  // namespace

TEST_CASE("the rules of mergo 0.3.16") {
  CHECK(over("[1, 2]", "[3]") == "[3]");
  CHECK(over("[1, 2]", "[]") == "[]");
  CHECK(over("{a: 1, b: {c: 2, d: 3}}", "{b: {c: 4}, e: 5}") ==
        R"({"a": 1, "b": {"c": 4, "d": 3}, "e": 5})");
  CHECK(over("{a: [1, 2]}", "{a: [3]}") == R"({"a": [3]})");
  CHECK(over("{a: 1}", "{}") == R"({"a": 1})");
  CHECK(over("{a: 1}", "~") == "null");
  CHECK(over("1", "~") == "null");
  CHECK(over("{a: 1, b: 2}", "{a: ~}") == R"({"a": null, "b": 2})");
  CHECK(over("true", "false") == "false");
  CHECK(over("text", "''").empty());
  CHECK(over("7", "0") == "0");
  CHECK(over("{a: 1}", "text") == "text");
  CHECK(over("text", "{a: 1}") == R"({"a": 1})");
  CHECK(over("[1]", "{a: 1}") == R"({"a": 1})");
  CHECK(over("{a: 1}", "[1]") == "[1]");
  CHECK(over("~", "{a: 1}") == R"({"a": 1})");
  CHECK(over("[1]", "{}") == "{}");
}

TEST_CASE("the rules of older mergos: a map does not replace what is not empty") {
  const config::MergeRules old = {.map_replaces_others = false};
  CHECK(over("text", "{a: 1}", old) == "text");
  CHECK(over("[1]", "{}", old) == "[1]");
  CHECK(over("''", "{a: 1}", old) == R"({"a": 1})");
  CHECK(over("false", "{a: 1}", old) == R"({"a": 1})");
  CHECK(over("{a: 1}", "text", old) == "text");
}

TEST_CASE("the full version has the build metadata, if that is text") {
  CHECK(*merged({}).value.at_path("kubernetes_full_version") == Value("1.21.3"));
  const auto full = [](const char* text) {
    return *merged({layer(LayerKind::overrides, text)}).value.at_path("kubernetes_full_version");
  };
  CHECK(full("kubernetes_build_metadata: fips.0\n") == Value("1.21.3+fips.0"));
  CHECK(full("kubernetes_build_metadata: 5\n") == Value("1.21.3"));
  CHECK(full("kubernetes_build_metadata: ''\n") == Value("1.21.3"));
}

TEST_CASE("a layer may be empty, but must be a map") {
  CHECK(merged({layer(LayerKind::overrides, "")}).warnings.empty());
  const std::vector<Layer> layers = {layer(LayerKind::image, "- a\n", "i.yaml"),
                                     layer(LayerKind::overrides, "text\n", "o.yaml")};
  auto result = config::merge(layers);
  REQUIRE_FALSE(result);
  CHECK(result.error().diagnostics.size() == 2);
  CHECK(result.error().message() == "a list cannot be a set of variables; a map is needed");
}

TEST_CASE("a version that is no text is an error") {
  const std::vector<Layer> layers = {
      layer(LayerKind::overrides, "kubernetes_version: 1.29\n", "o")};
  auto result = config::merge(layers);
  REQUIRE_FALSE(result);
  CHECK(konvoy::base::render(result.error().diagnostics) ==
        "o:1:1: error: 'kubernetes_version' must be text, here it is a number\n"
        "    1 | kubernetes_version: 1.29\n"
        "      | ^~~~~~~~~~~~~~~~~~\n"
        "  hint: put the version into quotes: without them 1.20 is the number 1.2\n");
  auto none = config::merge(std::vector<Layer>{});
  REQUIRE_FALSE(none);
  CHECK(none.error().message() == "'kubernetes_version' is not set");
}

TEST_CASE("a flag cannot set a key in what is no map") {
  const std::vector<Layer> layers = {layer(LayerKind::defaults, "kubernetes_version: '1'\n"),
                                     layer(LayerKind::overrides, "packer:\n", "o.yaml"),
                                     layer(LayerKind::flags, "packer: {dry_run: false}\n", "flag")};
  auto result = config::merge(layers);
  REQUIRE_FALSE(result);
  CHECK(result.error().message() ==
        "'packer' must be a map: 'packer.dry_run' is set in it; here it is null");
  CHECK(result.error().diagnostics[0].span->location() == "o.yaml:1:1");
}

TEST_CASE("provenance: what set a path, and what it replaced") {
  const auto config = merged({
      layer(LayerKind::image, "fips: {enabled: false, level: 1}\nbuild_name_extra: ''\n", "i"),
      layer(LayerKind::overrides, "fips:\n  enabled: true\nbuild_name_extra: -a\n", "o1"),
      layer(LayerKind::overrides, "build_name_extra: -b\n", "o2"),
  });
  const auto* extra = config.provenance.find("build_name_extra");
  REQUIRE(extra != nullptr);
  CHECK(extra->current.value.span().location() == "o2:1:19");
  REQUIRE(extra->replaced.size() == 2);
  CHECK(extra->replaced[0].value == Value("-a"));
  CHECK(extra->replaced[1].layer == LayerKind::image);
  CHECK(config.provenance.find("fips.enabled")->replaced.size() == 1);
  CHECK(config.provenance.find("fips.level")->current.value.span().location() == "i:1:31");
  CHECK(config.provenance.find("fips")->current.layer == LayerKind::image);
  CHECK(config.provenance.find("nothing") == nullptr);
}

TEST_CASE("provenance below a map that was replaced is forgotten, the map is kept") {
  const auto config = merged({layer(LayerKind::image, "fips: {enabled: false}\n"),
                              layer(LayerKind::overrides, "fips: disabled\n")});
  CHECK(config.provenance.find("fips.enabled") == nullptr);
  CHECK(config.provenance.find("fips")->replaced[0].value.is_map());
}

TEST_CASE("a change of type is warned of") {
  CHECK(
      warnings_of("fips: {enabled: false}\n", "fips: true\n") ==
      "o.yaml:1:1: warning: 'fips' was a map and becomes a boolean\n"
      "    1 | fips: true\n"
      "      | ^~~~\n"
      "  note: the map is set here (image.yaml:1:7)\n"
      "  hint: all keys of the map are lost; to change one, write it below the name of the map\n");
  CHECK(warnings_of("x: [1]\n", "x: 1\n").find("'x' was a list and becomes an integer") !=
        std::string::npos);
  CHECK(warnings_of("x: {a: 1}\n", "x: ~\n").find("'x' was a map and becomes null") !=
        std::string::npos);
  CHECK(warnings_of("x: ~\n", "x: {a: 1}\n").empty());
  CHECK(warnings_of("x: '20'\n", "x: 20\n").empty());
}

TEST_CASE("an empty map over a map is warned of, with how to clear one") {
  CHECK(warnings_of("x: {a: 1}\n", "x: {}\ny: 1\n") ==
        "o.yaml:1:1: warning: '{}' over the map 'x' changes nothing\n"
        "    1 | x: {}\n"
        "      | ^\n"
        "  note: the map is set here (image.yaml:1:4)\n"
        "  hint: to clear it, write 'x: null'; to clear one key, set that key to null\n");
}

TEST_CASE("a line of an override that changes nothing, and a whole override that does") {
  CHECK(warnings_of("x: {a: 1}\n", "x: {a: 1}\ny: 2\n") ==
        "o.yaml:1:5: warning: 'x.a' changes nothing: it has this value already\n"
        "    1 | x: {a: 1}\n"
        "      |     ^\n"
        "  note: set to the same value here (image.yaml:1:8)\n"
        "  hint: remove the line\n");
  CHECK(warnings_of("x: 1\n", "x: 1\n") ==
        "o.yaml: warning: this override changes nothing: everything in it is set already\n"
        "  hint: leave it out\n");
  // Overrides that are made to be combined may say the same.
  const auto config =
      merged({layer(LayerKind::overrides, "x: 1\n"), layer(LayerKind::overrides, "x: 1\ny: 1\n")});
  CHECK(config.warnings.empty());
}

TEST_CASE("the full version cannot be set") {
  CHECK(warnings_of("", "kubernetes_full_version: 1.2.3\n")
            .find("'kubernetes_full_version' is always computed") != std::string::npos);
}

TEST_CASE("secrets are marked, by name and by the schema, wherever they stand") {
  const auto config = merged({layer(LayerKind::overrides,
                                    "rhsm_password: hunter2\n"
                                    "registries: [{host: a, auth: {user: u}}]\n"
                                    "token_file: /path\n"
                                    "empty_password: ''\n")});
  CHECK(config.value.at_path("rhsm_password")->is_secret());
  const auto& registry = config.value.at_path("registries")->list()->at(0);
  CHECK_FALSE(registry.at_path("host")->is_secret());
  CHECK(registry.at_path("auth.user")->is_secret());
  CHECK_FALSE(config.value.at_path("token_file")->is_secret());
  CHECK_FALSE(config.value.at_path("empty_password")->is_secret());
  CHECK(config.provenance.find("rhsm_password")->current.value.is_secret());
}

TEST_CASE("a warning does not quote a secret") {
  CHECK(warnings_of("my_secret: {a: hunter2}\n", "my_secret: [hunter2]\n").find("hunter2") ==
        std::string::npos);
}
