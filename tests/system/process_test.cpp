// These start /bin/sh and coreutils: the one unit test that runs other programs, since running
// programs is what is tested.
#include <doctest/doctest.h>
#include <signal.h>

#include "system/file.hpp"
#include "system/process.hpp"

using namespace konvoy::system;
using konvoy::base::Secret;

namespace {

Command shell(const std::string& script) {
  return {.argv = {"/bin/sh", "-c", script}};
}

std::string every_byte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

}  // namespace

TEST_CASE("a program gives its status and both of its streams") {
  const auto outcome = run(shell("echo out; echo err >&2; exit 7"));
  REQUIRE(outcome);
  CHECK(*outcome == Outcome{.status = 7, .out = "out\n", .err = "err\n"});
}

TEST_CASE("every byte goes in and comes out, also more than a pipe holds") {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += every_byte();
  auto outcome = run({.argv = {"cat"}, .input = Secret(bytes)});
  REQUIRE(outcome);
  CHECK(outcome->out == bytes);
}

TEST_CASE("without input stdin is empty") {
  CHECK(run({.argv = {"cat"}})->out.empty());
}

TEST_CASE("a program that reads nothing does not hold up its input") {
  CHECK(run({.argv = {"true"}, .input = Secret(std::string(1U << 20U, 'x'))})->ok());
}

TEST_CASE("the environment is ours with additions, or only what is given") {
  ::setenv("KONVOY_TEST_A", "1", 1);
  auto command = shell("echo $KONVOY_TEST_A-$KONVOY_TEST_B");
  command.environment = {{"KONVOY_TEST_B", Secret("2")}};
  CHECK(run(command)->out == "1-2\n");
  command.clear_environment = true;
  CHECK(run(command)->out == "-2\n");
  ::unsetenv("KONVOY_TEST_A");
}

TEST_CASE("the directory and the limit of output are kept") {
  auto command = shell("pwd");
  command.directory = "/usr";
  CHECK(run(command)->out == "/usr\n");
  auto loud = shell("printf 123456789");
  loud.output_limit = 4;
  const auto outcome = run(loud);
  CHECK(outcome->out == "1234");
  CHECK(outcome->truncated);
}

TEST_CASE("a program that is not there is status 127, one that dies by a signal 128 and more") {
  CHECK(run({.argv = {"konvoy-no-such-program"}})->status == 127);
  CHECK(run(shell("kill -9 $$"))->status == 128 + SIGKILL);
}

TEST_CASE("at the timeout the whole process group ends") {
  const auto directory = *TemporaryDirectory::make("process-test");
  auto command = shell("(sleep 1; echo x > " + directory.path() + "/late) & sleep 60");
  command.timeout = std::chrono::milliseconds(200);
  const auto begin = std::chrono::steady_clock::now();
  const auto outcome = run(command);
  CHECK(outcome->status == 124);
  CHECK(outcome->timed_out);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
  // The child in the background is gone: its marker file never comes.
  (void)run({.argv = {"sleep", "1.2"}});
  CHECK_FALSE(exists(directory.path() + "/late"));
}

TEST_CASE("output is streamed while the program runs") {
  std::string seen;
  auto command = shell("echo a; echo b");
  command.on_out = [&](std::string_view bytes) { seen += bytes; };
  REQUIRE(run(command));
  CHECK(seen == "a\nb\n");
}

TEST_CASE("a program that closes its output first reads its input to the end") {
  auto command = shell("exec >&- 2>&-; cat >/dev/null");
  command.input = konvoy::base::Secret(std::string(300'000, 'x'));
  command.timeout = std::chrono::seconds(10);
  const auto done = run(command);
  REQUIRE(done);
  CHECK(done->status == 0);
}

TEST_CASE("a program that asks is answered") {
  auto command = shell("");
  command.timeout = std::chrono::seconds(10);
  std::string asked;
  SUBCASE("each time it does, and stdin stays open meanwhile") {
    command.argv.back() = "printf 'sure? '; read a; printf 'really? '; read b; echo $a $b";
    command.answer = [&](std::string_view output) -> std::string {
      if (!output.ends_with("? ")) return "";
      asked += std::string(output) + "|";
      return output == "sure? " ? "yes\n" : "no\n";
    };
    const auto done = run(command);
    REQUIRE(done);
    CHECK(done->status == 0);
    CHECK(done->out == "sure? really? yes no\n");
    CHECK(asked == "sure? |sure? really? |");
  }
  SUBCASE("it sees a terminal that shows nothing of that") {
    command.argv.back() = "test -t 0 || exit 9; printf 'sure? '; read a; echo got $a";
    command.answer = [](std::string_view output) -> std::string {
      return output == "sure? " ? "yes\n" : "";
    };
    const auto done = run(command);
    REQUIRE(done);
    CHECK(done->status == 0);
    CHECK(done->out == "sure? got yes\n");
  }
  SUBCASE("one that ends before it has read the answer does no harm") {
    command.argv.back() = "printf 'sure? '; exit 4";
    command.answer = [](std::string_view) { return std::string(100'000, 'y'); };
    const auto done = run(command);
    REQUIRE(done);
    CHECK(done->status == 4);
  }
}

TEST_CASE("a command that has to work tells the end of its stderr") {
  CHECK(*run_checked(shell("echo fine")) == "fine\n");
  const auto failed =
      run_checked(shell("for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; exit 3"));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message() == "'/bin/sh' failed with status 3");
  REQUIRE(failed.error().diagnostics.front().notes.size() == 5);
  CHECK(failed.error().diagnostics.front().notes.front().message == "line 3");
}

TEST_CASE("programs are found on PATH") {
  CHECK(find_program("sh").has_value());
  CHECK_FALSE(find_program("konvoy-no-such-program").has_value());
  CHECK(find_program("/bin/sh") == "/bin/sh");
}
