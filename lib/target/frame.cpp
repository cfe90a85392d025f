#include "target/frame.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>

#include "base/encoding.hpp"

namespace konvoy::target {

std::string make_nonce() {
  std::array<char, 16> random{};
  std::size_t have = 0;
  while (have < random.size()) {
    const ssize_t got = ::getrandom(random.data() + have, random.size() - have, 0);
    if (got > 0) have += static_cast<std::size_t>(got);
  }
  return base::to_hex({random.data(), random.size()});
}

std::string_view far_side_loop() {
  // TMOUT would end the loop, CDPATH would make cd print, and a locale would change messages.
  // Frames come on descriptor 3, so that no command can read them from its stdin.
  return "unset TMOUT CDPATH ENV BASH_ENV POSIXLY_CORRECT LANGUAGE; LC_ALL=C; "
         "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL PATH; "
         "umask 022; cd /; exec 3<&0 </dev/null; printf \"%s:\\n\" \"$1\"; "
         "while IFS= read -r line <&3; do eval \"$line\"; done";
}

std::string greeting(std::string_view nonce) {
  return fmt::format("{}:\n", nonce);
}

std::string encode(const Frame& frame, std::string_view nonce) {
  return fmt::format(
      "n={}; printf \"%s<\" $n; printf \"%s<\" $n >&2; {{ {}; }}{}; s=$?; "
      "printf \"%s>%s\\n\" $n $s; printf \"%s>\\n\" $n >&2\n",
      nonce, frame.script, frame.reads_stream ? "" : " 3<&-");
}

void StreamDecoder::expect(std::string nonce, std::uint64_t limit) {
  expected_.push_back({nonce + "<", nonce + ">", limit});
}

void StreamDecoder::feed(std::string_view bytes) {
  buffer_ += bytes;
  while (advance()) {
  }
}

std::optional<StreamDecoder::Part> StreamDecoder::take() {
  if (finished_.empty()) return std::nullopt;
  Part part = std::move(finished_.front());
  finished_.pop_front();
  return part;
}

// Moves the first bytes of the buffer to the part, as far as the limit lets them.
void StreamDecoder::keep(std::size_t count) {
  const std::uint64_t limit = expected_.front().limit;
  const auto room =
      static_cast<std::size_t>(limit - std::min<std::uint64_t>(limit, current_.bytes.size()));
  current_.bytes.append(buffer_, 0, std::min(count, room));
  if (count > room) current_.truncated = true;
  buffer_.erase(0, count);
}

bool StreamDecoder::advance() {
  if (expected_.empty()) {
    stray_ += buffer_.size();
    buffer_.clear();
    return false;
  }
  const std::string& mark = inside_ ? expected_.front().end : expected_.front().begin;
  const auto at = buffer_.find(mark);
  if (at == std::string::npos) {
    // All but the bytes that may be the beginning of the mark is settled.
    const std::size_t settled = buffer_.size() - std::min(buffer_.size(), mark.size() - 1);
    if (inside_) {
      keep(settled);
    } else {
      stray_ += settled;
      buffer_.erase(0, settled);
    }
    return false;
  }
  if (!inside_) {
    stray_ += at;
    buffer_.erase(0, at + mark.size());
    current_ = {};
    inside_ = true;
    return true;
  }
  const auto line = buffer_.find('\n', at);
  if (line == std::string::npos) return false;
  keep(at);
  current_.end = buffer_.substr(mark.size(), line - at - mark.size());
  buffer_.erase(0, line - at + 1);
  finished_.push_back(std::move(current_));
  expected_.pop_front();
  inside_ = false;
  return true;
}

}  // namespace konvoy::target
