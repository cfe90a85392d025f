#include "resolve/resolver.hpp"

#include <doctest/doctest.h>

#include "yaml/reader.hpp"

namespace konvoy::resolve {
namespace {

value::Value config(const char* text) {
  auto document = yaml::parse("config.yaml", text);
  REQUIRE(document.ok());
  return document->value;
}

value::Map centos() {
  value::Map facts;
  facts.set("ansible_distribution", "CentOS");
  facts.set("ansible_distribution_major_version", "8");
  return facts;
}

}  // namespace

TEST_CASE("a variable tells everything behind it, facts included") {
  Resolver resolver(config("url: '{{ base }}/{{ ansible_distribution | lower }}'\n"
                           "base: 'http://{{ host }}'\nhost: mirror\nother: 1\n"),
                    centos());
  const auto url = resolver.resolve("url");
  REQUIRE(url.ok());
  CHECK(url->value == value::Value("http://mirror/centos"));
  CHECK(url->depends_on == std::vector<std::string>{"ansible_distribution", "base", "host"});
  CHECK(url->value.span().line == 1);
}

TEST_CASE("part of a variable is resolved alone") {
  Resolver resolver(
      config("fips:\n  enabled: '{{ ansible_distribution_major_version | int < 9 }}'\n"
             "  broken: '{{ nowhere }}'\n"),
      centos());
  const auto enabled = resolver.resolve("fips.enabled");
  REQUIRE(enabled.ok());
  CHECK(enabled->value == value::Value(true));
  CHECK_FALSE(resolver.resolve("fips").ok());
}

TEST_CASE("a path to nothing names what is close") {
  Resolver resolver(config("fips: {enabled: true}\n"), {});
  const auto missing = resolver.resolve("fips.enabeld");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().diagnostics.front().hint == "did you mean 'enabled'?");
}

TEST_CASE("all mistakes of a configuration come together, in order") {
  Resolver resolver(config("a: '{{ nope }}'\nb: fine\nc: '{{ 1 + }}'\n"), {});
  const auto all = resolver.resolve_all();
  REQUIRE_FALSE(all.ok());
  REQUIRE(all.error().diagnostics.size() == 2);
  CHECK(all.error().diagnostics[0].span->line == 1);
  CHECK(all.error().diagnostics[1].span->line == 3);
}

TEST_CASE("a variable wins over a fact; a fact is never a template") {
  auto facts = centos();
  facts.set("motd", "{{ host }}");
  Resolver resolver(config("ansible_distribution: Mine\na: '{{ ansible_distribution }}'\n"
                           "b: '{{ motd }}'\nhost: x\n"),
                    facts);
  CHECK(resolver.resolve("a")->value == value::Value("Mine"));
  CHECK(resolver.resolve("b")->value == value::Value("{{ host }}"));
}

}  // namespace konvoy::resolve
