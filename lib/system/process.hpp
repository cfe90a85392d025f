// Running other programs: the only place of the project that forks.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "system/descriptor.hpp"

namespace konvoy::system {

/// Where a command runs instead of here: see isolation.hpp.
struct Isolation {
  std::string root;      ///< becomes the command's "/"
  bool network = false;  ///< false: a network namespace of its own without any interface but lo
};

/// A program, started without a shell.
struct Command {
  std::vector<std::string> argv;  ///< argv[0] is looked for on PATH unless it has a slash
  /// On top of our own environment, or (with `clear_environment`) all there is.
  std::map<std::string, base::Secret> environment;
  bool clear_environment = false;
  base::Secret input;                    ///< stdin of run(); without it stdin is /dev/null
  std::string directory;                 ///< working directory; empty: ours
  std::chrono::milliseconds timeout{0};  ///< of run(); 0: none
  std::uint64_t output_limit =
      64U << 20U;  ///< bytes of each stream that run() keeps; the rest is dropped
  std::optional<Isolation> isolation;
  /// Called by run() with pieces of stdout and stderr as they come (they are kept as well).
  std::function<void(std::string_view)> on_out;
  std::function<void(std::string_view)> on_err;
  /// For a program that asks: called by run() after a piece of stdout, and at its end, with all of
  /// it so far; what this gives is written to stdin, which stays open to the end. stdin is a
  /// terminal then, without echo: dnf, for one, asks nobody else. `input` is not used.
  std::function<std::string(std::string_view)> answer;
};

/// What a program did.
struct Outcome {
  int status = 0;  ///< exit status, 128 + signal, 124 after the timeout, 127 if it is not there
  std::string out;
  std::string err;
  bool timed_out = false;
  bool truncated = false;  ///< a stream was longer than the limit
  [[nodiscard]] bool ok() const { return status == 0; }
  bool operator==(const Outcome&) const = default;
};

/// Runs a command to its end, in a process group of its own, which is killed at the timeout. An
/// Error (kind run) means that it could not be tried; a program that is not there is status 127.
[[nodiscard]] base::Result<Outcome> run(const Command& command);

/// run() for a command that has to succeed: a status other than 0 is an Error of kind run that
/// holds the last lines of stderr. Gives stdout.
[[nodiscard]] base::Result<std::string> run_checked(const Command& command);

/// The full path of a program on PATH, if it is there.
[[nodiscard]] std::optional<std::string> find_program(std::string_view name);

/// A program that runs beside us, with pipes to its stdin, stdout and stderr (all non-blocking).
/// It is killed with its process group when this ends.
class Child {
 public:
  /// `input`, `timeout`, `output_limit` and the callbacks of `command` are not used, but that stdin
  /// is a terminal with `answer`.
  static base::Result<Child> start(const Command& command);

  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  [[nodiscard]] pid_t pid() const { return pid_; }
  Descriptor in;
  Descriptor out;
  Descriptor err;

  /// The status (as in Outcome) once it ended; waits up to `timeout` for that.
  std::optional<int> wait(std::chrono::milliseconds timeout);
  /// Sends a signal to its process group.
  void signal(int number) const;

 private:
  Child() = default;
  void kill_and_reap();

  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace konvoy::system
