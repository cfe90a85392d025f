#include "target/session.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "base/text.hpp"

namespace konvoy::target {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t remembered_errors = 8192;
// A frame's own timeout(1) ends it first; this is for the far side to say so.
constexpr milliseconds grace{15'000};
// More bytes than this outside of every frame: somebody else writes into our stream.
constexpr std::uint64_t most_stray = 1U << 20U;
constexpr std::size_t nonce_digits = 32;
constexpr std::size_t stream_buffer = 1U << 18U;

// Reads all there is; false at the end of the stream.
bool drain(system::Descriptor& from, std::string& into) {
  std::array<char, 65536> buffer;
  while (from.open()) {
    const ssize_t got = ::read(from.fd(), buffer.data(), buffer.size());
    if (got > 0) {
      into.append(buffer.data(), static_cast<std::size_t>(got));
      if (static_cast<std::size_t>(got) < buffer.size()) return true;
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return true;
    from.close();
  }
  return false;
}

}  // namespace

Error Session::broken(std::string message) const {
  Error error(ErrorKind::unreachable, std::move(message));
  // A prompt of sudo has no line of its own: it stands before what sudo says next.
  const auto lines = base::split_lines(
      prompt_.empty() ? last_errors_ : base::replace_all(last_errors_, prompt_, ""));
  constexpr std::size_t most = 6;
  for (std::size_t i = lines.size() > most ? lines.size() - most : 0; i < lines.size(); ++i) {
    const std::string line(base::trim(lines[i]));
    const auto mark = line.find_first_of("<>");  // marks of frames are nothing for people
    if (!line.empty() && mark != nonce_digits) error = std::move(error).with_note(line);
  }
  return error;
}

// Waits for any of the three streams and moves what can be moved.
Session::Turn Session::pump(std::string& outgoing, milliseconds wait) {
  std::array<pollfd, 3> waits{pollfd{child_.out.fd(), POLLIN, 0},
                              pollfd{child_.err.fd(), POLLIN, 0},
                              pollfd{outgoing.empty() ? -1 : child_.in.fd(), POLLOUT, 0}};
  Turn turn;
  if (::poll(waits.data(), waits.size(), static_cast<int>(wait.count())) <= 0) return turn;
  if (waits[1].revents != 0) {
    (void)drain(child_.err, turn.err);
    last_errors_ += turn.err;
    if (last_errors_.size() > remembered_errors) {
      last_errors_.erase(0, last_errors_.size() - remembered_errors);
    }
  }
  if (waits[0].revents != 0) turn.ended = !drain(child_.out, turn.out);
  if (waits[2].revents != 0) {
    const ssize_t written = ::write(child_.in.fd(), outgoing.data(), outgoing.size());
    if (written > 0) outgoing.erase(0, static_cast<std::size_t>(written));
    if (written < 0 && errno != EAGAIN && errno != EINTR) outgoing.clear();  // the end will show
  }
  return turn;
}

Result<Session> Session::start(const SessionStart& start) {
  KONVOY_TRY(auto child, system::Child::start(start.command));
  Session session(std::move(child));
  KONVOY_CHECK(session.greet(start));
  return session;
}

Result<void> Session::greet(const SessionStart& start) {
  prompt_ = start.password_prompt;
  const std::string wanted = greeting(start.nonce);
  const auto deadline = steady_clock::now() + start.timeout;
  std::string outgoing;
  std::string came;
  std::string errors;
  bool answered = false;
  while (came.find(wanted) == std::string::npos) {
    if (start.while_waiting) start.while_waiting();
    if (steady_clock::now() >= deadline) {
      return broken(fmt::format("no answer within {} s", start.timeout.count() / 1000));
    }
    const Turn turn = pump(outgoing, milliseconds(50));
    came += turn.out;
    errors += turn.err;
    if (turn.ended && came.find(wanted) == std::string::npos) {
      (void)pump(outgoing, milliseconds(200));  // the reason may come a little later
      (void)child_.wait(milliseconds(500));
      return broken("the connection was closed");
    }
    const auto prompt =
        start.password_prompt.empty() ? std::string::npos : errors.find(start.password_prompt);
    if (prompt == std::string::npos) continue;
    errors.erase(0, prompt + start.password_prompt.size());
    if (answered) return broken("sudo did not accept the password");
    answered = true;
    outgoing = std::string(start.password.reveal()) + "\n";
  }
  return {};
}

void Session::expect(const Frame& frame, std::string& outgoing) {
  const std::string nonce = make_nonce();
  out_.expect(nonce, frame.limit);
  err_.expect(nonce, frame.limit);
  outgoing += encode(frame, nonce);
}

std::optional<Reply> Session::take_reply() {
  if (!finished_out_) finished_out_ = out_.take();
  if (!finished_out_) return std::nullopt;
  auto errors = err_.take();
  if (!errors) return std::nullopt;
  Reply reply{.out = std::move(finished_out_->bytes),
              .err = std::move(errors->bytes),
              .truncated = finished_out_->truncated || errors->truncated};
  const std::string& status = finished_out_->end;
  std::from_chars(status.data(), status.data() + status.size(), reply.status);
  finished_out_.reset();
  return reply;
}

Result<Reply> Session::next_reply(std::string& outgoing, const Frame& frame) {
  const auto deadline = steady_clock::now() + frame.timeout + grace;
  while (true) {
    if (auto reply = take_reply()) return *std::move(reply);
    if (steady_clock::now() >= deadline) return broken("the far side does not answer any more");
    const Turn turn = pump(outgoing, milliseconds(1000));
    out_.feed(turn.out);
    err_.feed(turn.err);
    if (out_.stray() + err_.stray() > most_stray) return broken("the far side is out of step");
    if (!turn.ended) continue;
    if (auto reply = take_reply()) return *std::move(reply);
    (void)pump(outgoing, milliseconds(200));
    return broken("the connection was lost");
  }
}

Result<std::vector<Reply>> Session::run(std::span<const Frame> frames) {
  std::string outgoing;
  for (const auto& frame : frames) expect(frame, outgoing);
  std::vector<Reply> replies;
  replies.reserve(frames.size());
  for (const auto& frame : frames) {
    KONVOY_TRY(auto reply, next_reply(outgoing, frame));
    replies.push_back(std::move(reply));
  }
  return replies;
}

Result<Reply> Session::run_with_stream(const Frame& frame,
                                       const std::function<Result<std::string>()>& source) {
  std::string outgoing;
  expect(frame, outgoing);
  auto deadline = steady_clock::now() + frame.timeout + grace;
  for (bool more = true; more || !outgoing.empty();) {
    if (outgoing.size() < stream_buffer && more) {
      KONVOY_TRY(const auto bytes, source());
      more = !bytes.empty();
      outgoing += bytes;
    }
    const std::size_t before = outgoing.size();
    const Turn turn = pump(outgoing, milliseconds(1000));
    out_.feed(turn.out);
    err_.feed(turn.err);
    if (turn.ended) return broken("the connection was lost");
    if (outgoing.size() < before) deadline = steady_clock::now() + frame.timeout + grace;
    if (steady_clock::now() >= deadline) return broken("the far side does not answer any more");
    if (auto reply = take_reply()) return *std::move(reply);  // it gave up early
  }
  child_.in.close();
  return next_reply(outgoing, frame);
}

}  // namespace konvoy::target
