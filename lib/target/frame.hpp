// One request to the shell on the far side, and its answer in the streams that come back.
//
// The loop there reads one line a frame. What a frame writes is put between marks on both streams;
// each mark holds a nonce of 128 bits that is new for every frame, so that no output can look like
// one. The mark at the end of stdout carries the status.
//
//   stdout:  NONCE< ...output... NONCE>STATUS\n
//   stderr:  NONCE< ...errors... NONCE>\n
//
// What comes before a NONCE< was written by no frame (a background process, a greeting).
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace konvoy::target {

/// What the far side runs: `script` is one line of shell.
struct Frame {
  std::string script;
  /// After this time without its end the session counts as out of step.
  std::chrono::milliseconds timeout{60'000};
  std::uint64_t limit = 64U << 20U;  ///< bytes of each stream that are kept
  bool reads_stream = false;         ///< descriptor 3 stays open: see Session::run_with_stream()
};

struct Reply {
  int status = 0;
  std::string out;
  std::string err;
  bool truncated = false;  ///< a stream was longer than the limit
  bool operator==(const Reply&) const = default;
};

/// 32 hexadecimal digits from the system's random numbers.
[[nodiscard]] std::string make_nonce();

/// The argument of `sh -c` on the far side, with `$1` the nonce that it greets with. It reads
/// frames from stdin until that ends. One line without single quotes, so that any login shell
/// passes it on.
[[nodiscard]] std::string_view far_side_loop();

/// The greeting of the loop on stdout: "NONCE:\n".
[[nodiscard]] std::string greeting(std::string_view nonce);

/// The line, with its newline, that makes the far side run the frame.
[[nodiscard]] std::string encode(const Frame& frame, std::string_view nonce);

/// Cuts one of the two streams into the parts of the frames that are expected.
class StreamDecoder {
 public:
  struct Part {
    std::string bytes;
    std::string end;  ///< what the mark at the end carries: the status on stdout
    bool truncated = false;
  };

  void expect(std::string nonce, std::uint64_t limit);
  void feed(std::string_view bytes);
  /// The next finished part, in the order of expect().
  std::optional<Part> take();
  /// Bytes outside of every part so far; much of it means that the two sides are out of step.
  [[nodiscard]] std::uint64_t stray() const { return stray_; }

 private:
  struct Expected {
    std::string begin;
    std::string end;
    std::uint64_t limit;
  };
  bool advance();
  void keep(std::size_t count);

  std::deque<Expected> expected_;
  std::deque<Part> finished_;
  std::string buffer_;
  Part current_;
  bool inside_ = false;
  std::uint64_t stray_ = 0;
};

}  // namespace konvoy::target
