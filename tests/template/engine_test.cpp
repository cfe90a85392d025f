#include "template/engine.hpp"

#include <doctest/doctest.h>

#include "yaml/reader.hpp"

namespace konvoy::templates {
namespace {

// An engine with the variables of a YAML text.
Engine engine_with(const std::string& text) {
  Engine engine([](const std::string& name) { return name == "HOME" ? "/root" : ""; });
  const auto document = yaml::parse("vars.yaml", text);
  REQUIRE(document.ok());
  for (const auto& entry : document->value.map()->entries()) engine.set(entry.key, entry.value);
  return engine;
}

base::Diagnostic problem_of(const std::string& text, const std::string& name) {
  auto engine = engine_with(text);
  const auto result = engine.resolve(name);
  REQUIRE_FALSE(result.ok());
  return result.error().diagnostics.front();
}

}  // namespace

TEST_CASE("a mistake has its place inside the template, however the text is quoted") {
  const auto plain = problem_of("a: x\nb: abc {{ nope }}\n", "b");
  REQUIRE(plain.span.has_value());
  CHECK(plain.span->line == 2);
  CHECK(plain.span->column == 11);
  CHECK(plain.span->length == 4);

  const auto single = problem_of("b: 'it''s {{ nope }}'\n", "b");
  REQUIRE(single.span.has_value());
  CHECK(single.span->column == 14);

  const auto escaped = problem_of("b: \"\\t\\\"{{ nope }}\"\n", "b");
  REQUIRE(escaped.span.has_value());
  CHECK(escaped.span->column == 12);

  const auto block = problem_of("b: |\n  first\n  then {{ nope }}\n", "b");
  REQUIRE(block.span.has_value());
  CHECK(block.span->line == 3);
  CHECK(block.span->column == 11);
}

TEST_CASE("an undefined name names what is close, and who needed it") {
  const auto problem =
      problem_of("kubernetes_version: 1\nb: '{{ kubernets_version }}'\nc: '{{ b }}'\n", "c");
  CHECK(problem.message == "'kubernets_version' is undefined");
  CHECK(problem.hint == "did you mean 'kubernetes_version'?");
  CHECK(problem.span->line == 2);
  REQUIRE(problem.notes.size() == 1);
  CHECK(problem.notes[0].span->line == 3);
}

TEST_CASE("variables that need each other show the chain") {
  const auto problem = problem_of("a: '{{ b }}'\nb: '{{ c }}'\nc: '{{ a | default(1) }}'\n", "a");
  CHECK(problem.message == "'a' needs itself: a -> b -> c -> a");
}

TEST_CASE("what derives from a secret is secret, and nothing else is") {
  auto engine = engine_with(
      "part: '{{ login.user }}'\nwhole: '{{ login }}'\n"
      "url: 'http://{{ login.pass }}@x'\nhas: '{{ login.pass is defined }}'\n"
      "long: '{{ login.pass | upper }}'\n");
  value::Map login;
  login.set("user", "eve");
  login.set("pass", value::Value("hidden").as_secret());
  engine.set("login", value::Value(std::move(login)));
  CHECK_FALSE(engine.resolve("part")->value.holds_secret());
  CHECK(engine.resolve("url")->value.is_secret());
  CHECK(engine.resolve("long")->value.is_secret());
  CHECK_FALSE(engine.resolve("has")->value.holds_secret());
  const auto whole = engine.resolve("whole");
  CHECK(whole->value.at_path("pass")->is_secret());
  CHECK_FALSE(whole->value.at_path("user")->is_secret());
}

TEST_CASE("what is not supported is said by name") {
  CHECK(problem_of("a: \"{{ lookup('pipe', 'id') }}\"\n", "a").message ==
        "the lookup 'pipe' is not supported");
  CHECK(problem_of("a: \"{% include 'x' %}\"\n", "a").message ==
        "the tag 'include' is not supported");
  CHECK(problem_of("a: '{{ 1 | password_hash }}'\n", "a").message ==
        "the filter 'password_hash' is not supported");
}

TEST_CASE("an endless or huge template stops at a limit") {
  const std::string deep = "{{" + std::string(5000, '(') + "1" + std::string(5000, ')') + "}}";
  const std::string endless =
      "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
  for (const auto& text :
       {endless, deep, std::string("{{ 'x' * 99999999999 }}"),
        std::string("{{ range(99999999999) }}"), std::string("{{ 'a'.center(999999999999) }}")}) {
    Engine engine;
    const auto result = engine.try_render(value::Value(text));
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().kind() == FailureKind::limit);
  }
}

TEST_CASE("the environment is asked through the engine's own door") {
  auto engine =
      engine_with("a: \"{{ lookup('env', 'HOME') }}/x\"\nb: \"{{ lookup('env', 'NONE') }}\"\n");
  CHECK(engine.resolve("a")->value == value::Value("/root/x"));
  CHECK(engine.resolve("b")->value == value::Value(""));
}

TEST_CASE("each variable tells what it looked up") {
  auto engine = engine_with("a: '{{ b }}-{{ c | default(1) }}'\nb: '{{ d }}'\nd: 4\n");
  CHECK(engine.resolve("a")->depends_on == std::vector<std::string>{"b"});
  CHECK(engine.dependencies("b") == std::vector<std::string>{"d"});
}

}  // namespace konvoy::templates
