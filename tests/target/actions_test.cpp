#include <doctest/doctest.h>

#include "target/account_names.hpp"
#include "target/action_scripts.hpp"
#include "target/detached.hpp"

using namespace konvoy::target;
using konvoy::base::Error;
using konvoy::base::ErrorKind;
using konvoy::base::Result;
using konvoy::base::Secret;

TEST_CASE("the reason is the end of the last line") {
  CHECK(reason_of("a\nmv: cannot move 'a' to 'b': No space left on device\n") ==
        "no space left on device");
  CHECK(reason_of("chown: invalid user: 'x'\n") == "invalid user: 'x'");
  CHECK(reason_of("\n\n") == "no reason was given");
}

TEST_CASE("a file action that failed is an error, a command that failed is not") {
  const auto failed =
      decode_action(MakeLink{"/a", "/b"}, {.status = 1, .err = "ln: x: Read-only file system\n"});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::run);
  CHECK(failed.error().message() == "cannot link /a to /b: read-only file system");
  CHECK(decode_action(RunCommand{.argv = {"false"}}, {.status = 1, .out = "o"}) ==
        Result<ActionResult>(ActionResult{.status = 1, .out = "o"}));
}

TEST_CASE("every action is one line") {
  const std::vector<Action> actions{
      WriteFile{.path = "/a\nb", .content = Secret("1\n2\n"), .ownership = {.owner = "x\ny"}},
      Remove{"/a\n", true},
      MakeDirectory{"/a\n", {}},
      MakeLink{"/a\n", "\n"},
      SetOwnership{"/a\n", {.mode = 0644, .group = "g\n"}},
      Rename{"/a\n", "/b\n"},
      RunCommand{.argv = {"a\nb"}, .environment = {{"A", Secret("\n")}}, .input = Secret("\n")}};
  for (const auto& action : actions) {
    CAPTURE(describe(action));
    CHECK(encode_action(action).script.find('\n') == std::string::npos);
  }
}

TEST_CASE("a command's environment and input are in the frame and in no argument") {
  const auto script = encode_action(RunCommand{.argv = {"tool", "word"},
                                               .environment = {{"TOKEN", Secret("canary")}},
                                               .input = Secret("pass")})
                          .script;
  CHECK(script == "( export TOKEN=canary; printf 'pass' | timeout -k 5 300 tool word )");
}

TEST_CASE("a detached command is started, awaited, and its result taken") {
  std::vector<std::string> answers{"claimed\n", "running\n40%\n", "done 3\nout"};
  std::vector<std::string> scripts;
  std::vector<std::string> progress;
  const RunFrame frame = [&](const Frame& one) -> Result<Reply> {
    scripts.push_back(one.script);
    Reply reply{.out = answers.at(scripts.size() - 1), .err = scripts.size() == 3 ? "err" : ""};
    return reply;
  };
  const auto result =
      run_detached({.argv = {"dnf"}, .detached = true, .id = "run.1"}, frame, true,
                   [&](const konvoy::base::Event& event) { progress.push_back(event.detail); });
  REQUIRE(result);
  CHECK(*result == ActionResult{.status = 3, .out = "out", .err = "err"});
  CHECK(progress == std::vector<std::string>{"40%"});
  CHECK(scripts.front().find("/var/lib/konvoy-image/actions/run.1") != std::string::npos);
}

TEST_CASE("an interrupted command is said, a lost one is an error, a strange id is refused") {
  const auto with = [](std::string state) {
    int turn = 0;
    return run_detached({.argv = {"dnf"}, .detached = true, .id = "a"},
                        [&](const Frame&) -> Result<Reply> {
                          return Reply{.out = turn++ == 0 ? "started\n" : state};
                        },
                        true, {});
  };
  CHECK(with("interrupted\n")->interrupted);
  CHECK(with("unknown\n").error().kind == ErrorKind::run);
  for (const char* id : {"", "a/b", "../x", ".hidden", "a b", "$(x)"}) {
    CAPTURE(id);
    const auto refused =
        run_detached({.argv = {"x"}, .detached = true, .id = id},
                     [](const Frame&) -> Result<Reply> { return Reply{}; }, true, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::internal);
  }
}

TEST_CASE("accounts are those of the root's own files") {
  const AccountNames users(
      "root:x:0:0::/root:/bin/sh\nbad line\ntoor:x:0:0\nchrony:x:994:990\nx:x:?:1\n");
  CHECK(users.name(0) == "root");
  CHECK(users.name(994) == "chrony");
  CHECK(users.name(1234) == "1234");
  CHECK(users.number("toor") == 0U);
  CHECK(users.number("17") == 17U);
  CHECK_FALSE(users.number("nobody-7"));
}
