#include "cli/parse.hpp"

#include <doctest/doctest.h>

#include <map>

#include "cli/options.hpp"
#include "cli/run.hpp"

using namespace konvoy::cli;
using konvoy::base::ErrorKind;
using Words = std::vector<std::string>;

namespace {

const Program& program() {
  static const Program it{
      .name = "prog",
      .version = "1",
      .environment_prefix = "PROG_",
      .global_options = global_options(),
      .commands = {{.path = "explain",
                    .positionals = {{.name = "IMAGE", .help = "an image"},
                                    {.name = "KEY", .help = "a key", .required = false}},
                    .options = together({input_options(), {output_option()}})},
                   {.path = "manifest create",
                    .options = {{.name = "sign", .takes = Takes::value, .placeholder = "KEY"}}},
                   {.path = "manifest show", .positionals = {{.name = "FILE", .help = "a file"}}}}};
  return it;
}

konvoy::base::Result<Parsed> parse_words(const Words& words,
                                         std::map<std::string, std::string> variables = {}) {
  return parse(program(), words,
               [variables](const std::string& name) -> std::optional<std::string> {
                 const auto found = variables.find(name);
                 if (found == variables.end()) return std::nullopt;
                 return found->second;
               });
}

Invocation must_parse(const Words& words, std::map<std::string, std::string> variables = {}) {
  auto parsed = parse_words(words, std::move(variables));
  REQUIRE(parsed.ok());
  return parsed->invocation;
}

std::string failure(const Words& words) {
  const auto parsed = parse_words(words);
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error().kind == ErrorKind::usage);
  return konvoy::base::render(parsed.error().diagnostics);
}

}  // namespace

TEST_CASE("options and arguments may stand in any order") {
  const auto invocation =
      must_parse({"explain", "--overrides", "a.yaml", "image.yaml", "-o", "json", "fips.enabled"});
  CHECK(invocation.argument("IMAGE") == "image.yaml");
  CHECK(invocation.argument("KEY") == "fips.enabled");
  CHECK(invocation.value("output") == "json");
  CHECK(invocation.values("overrides") == Words{"a.yaml"});
}

TEST_CASE("repeated options keep their order; only some are lists with commas") {
  const auto invocation = must_parse({"explain", "i", "--overrides=a,b", "--overrides", "c",
                                      "--extra-vars", "k=a,b", "--extra-vars", R"({"x": [1, 2]})"});
  CHECK(invocation.values("overrides") == Words{"a", "b", "c"});
  CHECK(invocation.values("extra-vars") == Words{"k=a,b", R"({"x": [1, 2]})"});
}

TEST_CASE("-v takes digits only") {
  CHECK(must_parse({"explain", "-v", "image.yaml"}).value("verbose") == "1");
  const auto with_number = must_parse({"-v", "5", "explain", "image.yaml"});
  CHECK(with_number.value("verbose") == "5");
  CHECK(with_number.argument("IMAGE") == "image.yaml");
  CHECK(must_parse({"explain", "-vvv", "image.yaml"}).value("verbose") == "3");
}

TEST_CASE("a command of two words, with options between") {
  CHECK(must_parse({"manifest", "--color", "never", "create", "--sign", "K"}).value("sign") == "K");
}

TEST_CASE("the environment stands behind the command line") {
  CHECK(must_parse({"explain", "i"}, {{"PROG_OVERRIDES", "x,y"}}).values("overrides") ==
        Words{"x", "y"});
  CHECK(must_parse({"explain", "i", "--overrides", "z"}, {{"PROG_OVERRIDES", "x"}})
            .values("overrides") == Words{"z"});
  CHECK(must_parse({"explain", "i"}, {{"PROG_STRICT", "1"}}).has("strict"));
  CHECK_FALSE(must_parse({"explain", "i"}, {{"PROG_STRICT", "0"}}).has("strict"));
}

TEST_CASE("fallbacks are values, not given options") {
  const auto invocation = must_parse({"explain", "i"});
  CHECK(invocation.value("output") == "text");
  CHECK_FALSE(invocation.has("output"));
}

TEST_CASE("mistakes are named, with the closest right word") {
  CHECK(failure({"explian", "i"}) ==
        "error: there is no command 'explian'\n  hint: did you mean 'explain'?\n");
  CHECK(failure({"manifest", "creat"}) ==
        "error: there is no command 'manifest creat'\n  hint: did you mean 'create'?\n");
  CHECK(failure({"explain", "i", "--overides", "a"}) ==
        "error: 'explain' has no option '--overides'\n  hint: did you mean '--overrides'?\n");
  CHECK(failure({"explain"}) == "error: 'explain' needs IMAGE: an image\n");
  CHECK(failure({"explain", "i", "k", "more"}) ==
        "error: 'explain' takes no further argument 'more'\n");
  CHECK(failure({"explain", "i", "-o", "jsn"}) ==
        "error: --output takes text|json|yaml, not 'jsn'\n  hint: did you mean 'json'?\n");
  CHECK(failure({"explain", "i", "--overrides"}) == "error: --overrides needs a value FILE\n");
}

TEST_CASE("help and version win over what is missing") {
  CHECK(parse_words({"explain", "--help"})->wants_help);
  CHECK(parse_words({"--version"})->wants_version);
  CHECK(parse_words({})->wants_help);
  CHECK(parse_words({"manifest"})->help_group == "manifest");
}

TEST_CASE("numbers are checked") {
  Invocation invocation;
  invocation.options["forks"] = {"12"};
  CHECK(*invocation.number("forks", 1, 50) == 12);
  CHECK_FALSE(invocation.number("forks", 1, 10).ok());
  invocation.options["forks"] = {"1x"};
  CHECK(invocation.number("forks", 1, 10).error().message() ==
        "--forks takes a whole number from 1 to 10, not '1x'");
}
