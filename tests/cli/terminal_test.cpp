#include "cli/terminal/terminal.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "cli/run.hpp"

using namespace konvoy;

namespace {

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

std::string content(std::FILE* file) {
  std::string out;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) out += static_cast<char>(c);
  return out;
}

}  // namespace

TEST_CASE("data and messages go to different streams, without secrets") {
  const File out(std::tmpfile());
  const File err(std::tmpfile());
  cli::Terminal terminal(out.get(), err.get(), {.verbosity = 2});
  terminal.hide(base::Secret("hunter2"));
  terminal.print("value hunter2\n");
  terminal.say("did hunter2");
  terminal.log(2, "seen");
  terminal.log(3, "unseen");
  CHECK(content(out.get()) == "value ***\n");
  CHECK(content(err.get()) == "did ***\nseen\n");
  CHECK(terminal.intact());
}

TEST_CASE("a full disk is noticed") {
  const File full(std::fopen("/dev/full", "w"));
  const File err(std::tmpfile());
  cli::Terminal terminal(full.get(), err.get(), {});
  terminal.print(std::string(100'000, 'x'));
  CHECK_FALSE(terminal.intact());
}

TEST_CASE("every kind of error has the exit code of the contract") {
  using base::ErrorKind;
  CHECK(cli::exit_code_of(ErrorKind::check) == 1);
  CHECK(cli::exit_code_of(ErrorKind::usage) == 2);
  CHECK(cli::exit_code_of(ErrorKind::input) == 2);
  CHECK(cli::exit_code_of(ErrorKind::run) == 3);
  CHECK(cli::exit_code_of(ErrorKind::unreachable) == 4);
  CHECK(cli::exit_code_of(ErrorKind::interrupted) == 130);
}
