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

TEST_CASE("status lines stay below what is said, and go without a trace") {
  const File out(std::tmpfile());
  const File err(std::tmpfile());
  cli::Terminal terminal(out.get(), err.get(), {.err_is_terminal = true});
  terminal.hide(base::Secret("hunter2"));
  terminal.show_status({"one hunter2", "two\x1b" + std::string(200, 'x')});
  const auto drawn = "one ***\ntwo " + std::string(75, 'x') + "\n";
  CHECK(content(err.get()) == drawn);
  terminal.say("news");
  const std::string erased = "\x1b[2A\x1b[J";
  CHECK(content(err.get()) == drawn + erased + "news\n" + drawn);
  terminal.show_status({});
  CHECK(content(err.get()) == drawn + erased + "news\n" + drawn + erased);
  terminal.say("end");
  CHECK(content(err.get()) == drawn + erased + "news\n" + drawn + erased + "end\n");
}

TEST_CASE("more status lines than a terminal has end in a count") {
  const File err(std::tmpfile());
  cli::Terminal terminal(err.get(), err.get(), {.err_is_terminal = true});
  terminal.show_status(std::vector<std::string>(50, "x"));
  std::string drawn;
  for (int i = 0; i < 22; ++i) drawn += "x\n";
  CHECK(content(err.get()) == drawn + "and 28 more\n");
}

TEST_CASE("where stderr is no terminal there are no status lines") {
  const File err(std::tmpfile());
  cli::Terminal terminal(err.get(), err.get(), {});
  terminal.show_status({"one"});
  CHECK(content(err.get()).empty());
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
