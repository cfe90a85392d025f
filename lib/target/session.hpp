// A shell somewhere else that runs frames: over ssh, through sudo, or (in tests) beside us.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "system/process.hpp"
#include "target/frame.hpp"

namespace konvoy::target {

/// How the loop is started.
struct SessionStart {
  system::Command command;                    ///< runs far_side_loop() with `nonce`
  std::string nonce;                          ///< of the greeting
  std::chrono::milliseconds timeout{30'000};  ///< until the greeting
  /// For sudo: written once `password_prompt` stands on stderr. A second prompt is a wrong
  /// password.
  base::Secret password;
  std::string password_prompt;
  /// Called about every 50 ms while the greeting is awaited (feeds SSH_ASKPASS).
  std::function<void()> while_waiting;
};

/// Frames go out in one piece and are answered in order. After an Error the session is of no more
/// use: its two sides may be out of step.
class Session {
 public:
  /// Error of kind unreachable when the greeting does not come; the lines of stderr are its notes.
  static base::Result<Session> start(const SessionStart& start);

  /// One reply a frame. Error of kind unreachable: the stream ended, or fell silent for longer than
  /// a frame's timeout.
  base::Result<std::vector<Reply>> run(std::span<const Frame> frames);

  /// Runs `frame` with the bytes that `source` gives as its stdin, up to the empty piece that ends
  /// them; the session ends with it. The script reads descriptor 3.
  base::Result<Reply> run_with_stream(const Frame& frame,
                                      const std::function<base::Result<std::string>()>& source);

 private:
  explicit Session(system::Child child) : child_(std::move(child)) {}
  /// What one turn of waiting brought.
  struct Turn {
    std::string out;
    std::string err;
    bool ended = false;  ///< stdout is at its end
  };
  base::Result<void> greet(const SessionStart& start);
  Turn pump(std::string& outgoing, std::chrono::milliseconds wait);
  void expect(const Frame& frame, std::string& outgoing);
  base::Result<Reply> next_reply(std::string& outgoing, const Frame& frame);
  std::optional<Reply> take_reply();
  [[nodiscard]] base::Error broken(std::string message) const;

  system::Child child_;
  StreamDecoder out_;
  StreamDecoder err_;
  std::optional<StreamDecoder::Part> finished_out_;  ///< its stderr is not there yet
  std::string prompt_;                               ///< of sudo; nothing for people
  std::string last_errors_;                          ///< the end of stderr, for messages
};

}  // namespace konvoy::target
