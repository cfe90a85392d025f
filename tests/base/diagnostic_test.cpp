#include "base/diagnostic.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace konvoy::base;

namespace {

SourceSpan span_in(std::string text, std::uint32_t line, std::uint32_t column,
                   std::uint32_t length = 1) {
  auto source = std::make_shared<SourceText>(SourceText{"a.yaml", std::move(text)});
  return {.source = std::move(source), .line = line, .column = column, .length = length};
}

}  // namespace

TEST_CASE("a diagnostic shows place, line, caret, notes and hint") {
  const Diagnostic diagnostic{.severity = Severity::error,
                              .message = "unknown key 'kubernets_version'",
                              .span = span_in("---\n  kubernets_version: 1.21.3\n", 2, 3, 17),
                              .notes = {{.message = "no image definition uses it"}},
                              .hint = "did you mean 'kubernetes_version'?"};
  CHECK(render(diagnostic) ==
        "a.yaml:2:3: error: unknown key 'kubernets_version'\n"
        "    2 |   kubernets_version: 1.21.3\n"
        "      |   ^~~~~~~~~~~~~~~~~\n"
        "  note: no image definition uses it\n"
        "  hint: did you mean 'kubernetes_version'?\n");
}

TEST_CASE("the caret stands right after characters of several bytes and tabs") {
  const Diagnostic diagnostic{
      .severity = Severity::warning, .message = "m", .span = span_in("\tgrün: x\r\n", 1, 8)};
  CHECK(render(diagnostic) == "a.yaml:1:8: warning: m\n    1 |  grün: x\n      |        ^\n");
}

TEST_CASE("a long line is cut around its place") {
  const Diagnostic diagnostic{.message = "m", .span = span_in(std::string(500, 'x'), 1, 300)};
  const auto text = render(diagnostic);
  CHECK(text.find("| ...xxx") != std::string::npos);
  CHECK(text.find("xxx...\n") != std::string::npos);
  CHECK(text.size() < 400);
}

TEST_CASE("a line with a secret is not shown") {
  const Diagnostic diagnostic{
      .message = "m", .span = span_in("password: hunter2", 1, 11), .secret_excerpt = true};
  CHECK(render(diagnostic) == "a.yaml:1:11: error: m\n    1 | ***\n");
}

TEST_CASE("a place past the end of the text has no excerpt") {
  CHECK(render(Diagnostic{.message = "m", .span = span_in("one\n", 7, 1)}) ==
        "a.yaml:7:1: error: m\n");
}

TEST_CASE("diagnostics are ordered by file and line, those without a place last") {
  std::vector<Diagnostic> all{{.message = "nowhere"},
                              {.message = "second", .span = span_in("", 9, 1)},
                              {.message = "first", .span = span_in("", 2, 1)}};
  sort_by_place(all);
  CHECK(all[0].message == "first");
  CHECK(all[1].message == "second");
  CHECK(all[2].message == "nowhere");
}

TEST_CASE("colour is there only where it is asked for") {
  const Diagnostic diagnostic{.message = "m"};
  CHECK(render(diagnostic).find('\x1b') == std::string::npos);
  CHECK(render(diagnostic, Colour::on).find("\x1b[1;31merror:\x1b[0m") != std::string::npos);
}
