#include "system/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pty.h>
#include <spawn.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>

#include "base/text.hpp"
#include "system/errors.hpp"
#include "system/isolation.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace konvoy::system {
namespace {

using base::ErrorKind;
using base::Result;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int status_timeout = 124;    // as timeout(1)
constexpr int status_not_found = 127;  // as sh(1)
constexpr auto forever = std::chrono::hours(24 * 365);

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return system_error(ErrorKind::run, "make", "pipe", errno);
  }
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// As make_pipe(): what is written is read at the other side, a line at a time.
Result<Pipe> make_terminal() {
  int ours = -1;
  int theirs = -1;
  if (::openpty(&ours, &theirs, nullptr, nullptr, nullptr) != 0) {
    return system_error(ErrorKind::run, "make", "terminal", errno);
  }
  Pipe made{Descriptor(theirs), Descriptor(ours)};
  for (const int fd : {ours, theirs}) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  termios settings{};
  ::tcgetattr(theirs, &settings);
  settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(theirs, TCSANOW, &settings);
  return made;
}

// Owns what execve() wants to see.
class Strings {
 public:
  explicit Strings(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (auto& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> all;
  if (!command.clear_environment) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      const std::string name(text.substr(0, text.find('=')));
      if (!command.environment.contains(name)) all.emplace_back(text);
    }
  }
  for (const auto& [name, value] : command.environment) {
    all.push_back(fmt::format("{}={}", name, value.reveal()));
  }
  return all;
}

// posix_spawn() rather than fork(): it is safe while other threads run, and costs the same
// however much memory we hold.
int spawn(const Command& command, const std::array<int, 3>& streams, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  for (int target = 0; target < 3; ++target) {
    posix_spawn_file_actions_adddup2(&actions, streams[static_cast<std::size_t>(target)], target);
  }
  if (!command.directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  sigset_t none;
  sigset_t usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&usual, number);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  const std::vector<std::string> argv =
      command.isolation ? isolated_arguments(*command.isolation, command.argv) : command.argv;
  const int error = ::posix_spawnp(&pid, argv.front().c_str(), &actions, &attributes,
                                   Strings(argv).data(), Strings(environment_of(command)).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

int status_of(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

// Keeps what a stream gives, up to the limit.
struct Sink {
  Descriptor* from;
  std::string* kept;
  const std::function<void(std::string_view)>* callback;
};

// Reads what is there; closes the descriptor at its end.
void drain(const Sink& sink, Outcome& outcome, std::uint64_t limit) {
  std::array<char, 65536> buffer;
  const ssize_t got = ::read(sink.from->fd(), buffer.data(), buffer.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) {
    sink.from->close();
    return;
  }
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
  const auto room =
      static_cast<std::size_t>(limit - std::min<std::uint64_t>(limit, sink.kept->size()));
  sink.kept->append(bytes.substr(0, room));
  if (bytes.size() > room) outcome.truncated = true;
  if (*sink.callback) (*sink.callback)(bytes);
}

// Writes what the pipe takes; closes it when nobody reads.
void feed(Descriptor& in, std::string_view& rest) {
  const ssize_t written = ::write(in.fd(), rest.data(), rest.size());
  if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  const bool broken = written < 0 && errno != EINTR && errno != EAGAIN;
  if (broken) in.close();
}

// Writing to a program that has ended must be an error here, not our death.
void ignore_sigpipe() {
  static const bool done = [] {
    struct sigaction current {};
    ::sigaction(SIGPIPE, nullptr, &current);
    if (current.sa_handler == SIG_DFL)
      ::signal(SIGPIPE, SIG_IGN);  // NOLINT(performance-no-int-to-ptr)
    return true;
  }();
  (void)done;
}

// Moves bytes until the program's streams are closed; false at the deadline.
bool exchange(Child& child, const Command& command, Outcome& outcome,
              steady_clock::time_point deadline) {
  std::string answer;
  std::string_view rest = command.answer ? std::string_view() : command.input.reveal();
  const std::array<Sink, 2> sinks{Sink{&child.out, &outcome.out, &command.on_out},
                                  Sink{&child.err, &outcome.err, &command.on_err}};
  while (child.out.open() || child.err.open()) {
    if (rest.empty() && !command.answer) child.in.close();
    std::array<pollfd, 3> waits{pollfd{child.out.fd(), POLLIN, 0},
                                pollfd{child.err.fd(), POLLIN, 0},
                                pollfd{rest.empty() ? -1 : child.in.fd(), POLLOUT, 0}};
    int wait = -1;
    if (command.timeout.count() > 0) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
      if (left.count() <= 0) return false;
      wait = static_cast<int>(std::min<std::int64_t>(left.count(), 1'000'000));
    }
    if (::poll(waits.data(), waits.size(), wait) <= 0) continue;
    for (std::size_t i = 0; i < sinks.size(); ++i) {
      if (waits[i].revents != 0) drain(sinks[i], outcome, command.output_limit);
    }
    if (child.in.open() && waits[2].revents != 0) feed(child.in, rest);
    if (command.answer && rest.empty() && waits[0].revents != 0) {
      answer = command.answer(outcome.out);
      rest = answer;
    }
  }
  child.in.close();  // it may close its output and go on reading
  return true;
}

}  // namespace

Result<Child> Child::start(const Command& command) {
  ignore_sigpipe();
  if (command.argv.empty()) return base::Error{ErrorKind::internal, "a command without words"};
  KONVOY_TRY(Pipe in, command.answer ? make_terminal() : make_pipe());
  KONVOY_TRY(Pipe out, make_pipe());
  KONVOY_TRY(Pipe err, make_pipe());
  Child child;
  const int error = spawn(command, {in.read.fd(), out.write.fd(), err.write.fd()}, child.pid_);
  if (error != 0) {
    child.pid_ = -1;
    return system_error(ErrorKind::run, "run", command.argv.front(), error);
  }
  child.in = std::move(in.write);
  child.out = std::move(out.read);
  child.err = std::move(err.read);
  for (const int fd : {child.in.fd(), child.out.fd(), child.err.fd()}) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  return child;
}

Child::Child(Child&& other) noexcept
    : in(std::move(other.in)),
      out(std::move(other.out)),
      err(std::move(other.err)),
      pid_(std::exchange(other.pid_, -1)),
      status_(other.status_) {}

Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    kill_and_reap();
    in = std::move(other.in);
    out = std::move(other.out);
    err = std::move(other.err);
    pid_ = std::exchange(other.pid_, -1);
    status_ = other.status_;
  }
  return *this;
}

Child::~Child() {
  kill_and_reap();
}

void Child::kill_and_reap() {
  if (pid_ < 0 || status_) return;
  signal(SIGKILL);
  int wait_status = 0;
  while (::waitpid(pid_, &wait_status, 0) < 0 && errno == EINTR) {
  }
  status_ = status_of(wait_status);
}

void Child::signal(int number) const {
  if (pid_ > 0 && !status_) ::kill(-pid_, number);
}

std::optional<int> Child::wait(milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  // Most have ended by now: they closed their streams.
  auto pause = std::chrono::microseconds(100);
  while (!status_) {
    int wait_status = 0;
    const pid_t ended = ::waitpid(pid_, &wait_status, WNOHANG);
    if (ended == pid_) {
      status_ = status_of(wait_status);
    } else if (ended < 0 && errno != EINTR) {
      status_ = status_not_found;
    } else if (steady_clock::now() >= deadline) {
      break;
    } else {
      std::this_thread::sleep_for(pause);
      pause = std::min<std::chrono::microseconds>(pause * 2, milliseconds(20));
    }
  }
  return status_;
}

Result<Outcome> run(const Command& command) {
  const bool limited = command.timeout.count() > 0;
  const auto deadline = steady_clock::now() + command.timeout;
  auto started = Child::start(command);
  if (!started) {
    const bool absent = !command.argv.empty() && !command.isolation &&
                        !find_program(command.argv.front()).has_value();
    if (!absent) return std::move(started).error();
    return Outcome{.status = status_not_found, .err = started.error().message() + "\n"};
  }
  Child child = *std::move(started);
  Outcome outcome;
  bool in_time = exchange(child, command, outcome, deadline);
  if (in_time && limited) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    in_time = child.wait(std::max(left, milliseconds(0))).has_value();
  }
  if (!in_time) {
    // A moment to clean up, then the end.
    child.signal(SIGTERM);
    (void)child.wait(milliseconds(500));
    child.signal(SIGKILL);
    outcome.timed_out = true;
  }
  const int status = child.wait(forever).value_or(status_timeout);
  outcome.status = outcome.timed_out ? status_timeout : status;
  return outcome;
}

Result<std::string> run_checked(const Command& command) {
  KONVOY_TRY(Outcome outcome, run(command));
  if (outcome.ok()) return std::move(outcome.out);
  const std::string& program = command.argv.front();
  std::string message =
      outcome.timed_out
          ? fmt::format("'{}' did not end within {} s", program, command.timeout.count() / 1000)
          : fmt::format("'{}' failed with status {}", program, outcome.status);
  base::Error error(ErrorKind::run, std::move(message));
  const auto lines = base::split_lines(outcome.err);
  constexpr std::size_t most = 5;
  for (std::size_t i = lines.size() > most ? lines.size() - most : 0; i < lines.size(); ++i) {
    error = std::move(error).with_note(lines[i]);
  }
  if (outcome.status == status_not_found) {
    error.diagnostics.front().hint = fmt::format("install '{}', or put it on PATH", program);
  }
  return error;
}

std::optional<std::string> find_program(std::string_view name) {
  if (name.find('/') != std::string_view::npos) {
    return ::access(std::string(name).c_str(), X_OK) == 0 ? std::optional(std::string(name))
                                                          : std::nullopt;
  }
  const char* path = std::getenv("PATH");
  for (const auto& directory : base::split(path != nullptr ? path : "/usr/bin:/bin", ':')) {
    std::string candidate = fmt::format("{}/{}", directory.empty() ? "." : directory, name);
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return std::nullopt;
}

}  // namespace konvoy::system
