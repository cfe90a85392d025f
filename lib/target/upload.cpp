#include "target/upload.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>

#include "crypto/digest.hpp"
#include "system/descriptor.hpp"
#include "system/errors.hpp"
#include "target/action_scripts.hpp"
#include "target/shell_text.hpp"

namespace konvoy::target {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

constexpr std::size_t piece = 1U << 18U;
constexpr int most_attempts_without_progress = 3;
constexpr std::chrono::minutes digest_time{15};

// The name says what is meant to be in it: a partial file of another content is never continued.
std::string part_path(const Upload& what) {
  const auto slash = what.path.rfind('/');
  return fmt::format("{}.konvoy-{}.part", what.path.substr(0, slash + 1),
                     what.sha256.substr(0, 16));
}

class Uploader {
 public:
  Uploader(const Upload& what, const UploadChannel& channel, const base::EventSink& events)
      : what_(what), channel_(channel), events_(events), part_(part_path(what)) {}

  Result<void> run();

 private:
  Result<std::uint64_t> arrived();
  Result<void> send(std::uint64_t from);
  Result<bool> matches();
  Result<void> drop();
  [[nodiscard]] Result<Reply> checked(const std::string& script, std::chrono::milliseconds time);
  [[nodiscard]] Error failed(const Reply& reply) const {
    return {ErrorKind::run, fmt::format("cannot {}: {}", what_.what, reason_of(reply.err))};
  }

  const Upload& what_;
  const UploadChannel& channel_;
  const base::EventSink& events_;
  std::string part_;
};

Result<Reply> Uploader::checked(const std::string& script, std::chrono::milliseconds time) {
  ShellWords words;
  const std::string part = words(part_);
  KONVOY_TRY(auto reply,
             channel_.run_frame(
                 {.script = fmt::format("{}( t={}; {} )", words.assignments(), part, script),
                  .timeout = time}));
  if (reply.status != 0) return failed(reply);
  return reply;
}

Result<std::uint64_t> Uploader::arrived() {
  // What is no regular file of ours there is not continued; `set -C` then refuses to write to it.
  KONVOY_TRY(
      const auto reply,
      checked("if [ -f \"$t\" ] && [ ! -L \"$t\" ]; then stat -c %s -- \"$t\"; else umask 077; "
              "set -C; : >\"$t\" && echo 0; fi",
              std::chrono::minutes(1)));
  std::uint64_t size = 0;
  std::from_chars(reply.out.data(), reply.out.data() + reply.out.size(), size);
  return size;
}

Result<void> Uploader::send(std::uint64_t from) {
  ShellWords words;
  const std::string part = words(part_);
  std::uint64_t offset = from;
  const auto source = [&]() -> Result<std::string> {
    KONVOY_TRY(auto bytes, what_.read(offset, piece));
    offset += bytes.size();
    if (events_ && !bytes.empty()) {
      events_({.kind = base::Event::Kind::progress,
               .step = what_.path,
               .done = offset,
               .total = what_.size,
               .unit = "bytes"});
    }
    return bytes;
  };
  KONVOY_TRY(
      const auto reply,
      channel_.run_stream({.script = fmt::format("{}cat <&3 >>{}", words.assignments(), part),
                           .timeout = std::chrono::minutes(2),
                           .reads_stream = true},
                          source));
  if (reply.status == 0) return {};
  KONVOY_CHECK(drop());  // a full disk gets its space back
  return failed(reply);
}

Result<bool> Uploader::matches() {
  KONVOY_TRY(const auto reply, checked("sha256sum <\"$t\"", digest_time));
  return reply.out.substr(0, what_.sha256.size()) == what_.sha256;
}

Result<void> Uploader::drop() {
  KONVOY_CHECK(checked("rm -f -- \"$t\"", std::chrono::minutes(1)));
  return {};
}

Result<void> Uploader::run() {
  int attempts = 0;
  std::uint64_t furthest = 0;
  bool resumed = false;
  while (true) {
    KONVOY_TRY(const auto have, arrived());
    attempts = have > furthest ? 0 : attempts + 1;
    furthest = std::max(furthest, have);
    if (have < what_.size || what_.size == 0) {
      resumed = resumed || have > 0;
      const auto sent = send(have);
      if (!sent && (sent.error().kind != ErrorKind::unreachable ||
                    attempts >= most_attempts_without_progress)) {
        return sent;
      }
      if (!sent) continue;
    } else {
      resumed = true;
    }
    KONVOY_TRY(const bool right, matches());
    if (right) break;
    KONVOY_CHECK(drop());
    if (!resumed) {
      return Error{ErrorKind::run,
                   fmt::format("cannot {}: what arrived has another SHA-256", what_.what),
                   fmt::format("expected {}; check the file on this side", what_.sha256)};
    }
    resumed = false;  // the part was spoilt: once more from the start
  }
  KONVOY_TRY(auto placed, channel_.run_frame(encode_install(part_, what_.path, what_.ownership)));
  if (placed.status == 0) return {};
  KONVOY_CHECK(drop());
  return failed(placed);
}

}  // namespace

Result<void> upload(const Upload& what, const UploadChannel& channel,
                    const base::EventSink& events) {
  return Uploader(what, channel, events).run();
}

Result<Upload> upload_of(const PushFile& action) {
  auto file =
      std::make_shared<system::Descriptor>(::open(action.local_path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (!file->open() || ::fstat(file->fd(), &about) != 0) {
    return system::system_error(ErrorKind::input, "read", action.local_path, errno);
  }
  return Upload{.what = describe(action),
                .path = action.path,
                .sha256 = action.sha256,
                .ownership = action.ownership,
                .size = static_cast<std::uint64_t>(about.st_size),
                .read = [file, path = action.local_path](std::uint64_t offset,
                                                         std::size_t most) -> Result<std::string> {
                  std::string bytes(most, '\0');
                  const ssize_t got =
                      ::pread(file->fd(), bytes.data(), most, static_cast<off_t>(offset));
                  if (got < 0) return system::system_error(ErrorKind::input, "read", path, errno);
                  bytes.resize(static_cast<std::size_t>(got));
                  return bytes;
                }};
}

Result<Upload> upload_of(const WriteFile& action) {
  KONVOY_TRY(auto digest, crypto::sha256_hex(action.content.reveal()));
  const std::string_view content = action.content.reveal();  // of the caller's action
  return Upload{.what = describe(action),
                .path = action.path,
                .sha256 = std::move(digest),
                .ownership = action.ownership,
                .size = content.size(),
                .read = [content](std::uint64_t offset, std::size_t most) -> Result<std::string> {
                  const auto begin = std::min<std::uint64_t>(offset, content.size());
                  return std::string(content.substr(begin, most));
                }};
}

}  // namespace konvoy::target
