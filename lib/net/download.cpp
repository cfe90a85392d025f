#include "net/download.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "net/transfer.hpp"
#include "system/descriptor.hpp"
#include "system/errors.hpp"
#include "system/file.hpp"
#include "system/file_at.hpp"

namespace konvoy::net {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::chrono::seconds first_pause{1};
constexpr std::chrono::seconds longest_pause{30};

base::Result<void> check_request(const Download& download) {
  const bool https = download.url.starts_with("https://") || download.url.starts_with("file://");
  if (!https && !download.url.starts_with("http://")) {
    return Error(ErrorKind::input,
                 fmt::format("'{}' is no URL to download from", without_credentials(download.url)),
                 "it starts with https:// or http://");
  }
  const bool known = !download.sha256.empty();
  if (known && (download.sha256.size() != 64 || !base::from_hex(download.sha256))) {
    return Error(ErrorKind::input, fmt::format("'{}' is no SHA-256 digest", download.sha256),
                 "it has 64 hexadecimal digits");
  }
  if (known || https) return {};
  return Error(ErrorKind::input,
               fmt::format("'{}' would be fetched over http without a known digest",
                           without_credentials(download.url)),
               "give its SHA-256, or an https URL");
}

std::uint64_t size_of(int descriptor) {
  struct stat found {};
  return ::fstat(descriptor, &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

// One attempt: appends to what is there.
TransferEnd attempt(const Download& download, int file, const base::EventSink& events,
                    int& disk_error) {
  std::uint64_t written = size_of(file);
  const Transfer transfer{.url = download.url,
                          .resume_from = written,
                          .connect_timeout = download.connect_timeout,
                          .stall_timeout = download.stall_timeout,
                          .on_data =
                              [&](std::string_view bytes) {
                                written += bytes.size();
                                if (disk_error == 0 && written <= download.most_bytes) {
                                  disk_error = system::write_descriptor(file, bytes);
                                }
                                return disk_error == 0 && written <= download.most_bytes;
                              },
                          .on_progress =
                              [&](std::uint64_t done, std::uint64_t total) {
                                if (!events) return;
                                events({.kind = base::Event::Kind::progress,
                                        .subject = without_credentials(download.url),
                                        .step = "download",
                                        .done = done,
                                        .total = total,
                                        .unit = "bytes"});
                              }};
  return run_transfer(transfer);
}

void tell_retry(const Download& download, const TransferEnd& end, std::chrono::seconds pause,
                const base::EventSink& events) {
  if (!events) return;
  events({.kind = base::Event::Kind::warning,
          .subject = without_credentials(download.url),
          .step = "download",
          .detail = fmt::format("{}; trying again in {} s", end.reason, pause.count())});
}

base::Result<void> transfer_all(const Download& download, int file, const base::EventSink& events,
                                system::Clock& clock) {
  const auto shown = without_credentials(download.url);
  auto pause = first_pause;
  for (int tried = 1;; ++tried) {
    int disk_error = 0;
    const auto end = attempt(download, file, events, disk_error);
    if (disk_error != 0) {
      return system::system_error(ErrorKind::run, "write", download.path, disk_error);
    }
    switch (end.kind) {
      case TransferEnd::Kind::complete:
      case TransferEnd::Kind::past_end: return {};
      case TransferEnd::Kind::no_resume:
        if (::ftruncate(file, 0) != 0) {
          return system::system_error(ErrorKind::run, "write", download.path, errno);
        }
        continue;
      case TransferEnd::Kind::aborted:
        return Error(ErrorKind::input,
                     fmt::format("'{}' has more than {} bytes", shown, download.most_bytes));
      case TransferEnd::Kind::refused:
      case TransferEnd::Kind::failed:
        return Error(ErrorKind::input, fmt::format("'{}' can't be fetched: {}", shown, end.reason));
      case TransferEnd::Kind::network: break;
    }
    if (tried >= download.attempts) {
      return Error(ErrorKind::run, fmt::format("'{}' can't be fetched: {}", shown, end.reason),
                   "check the network and the proxy settings; what has arrived is continued");
    }
    tell_retry(download, end, pause, events);
    clock.sleep(pause);
    pause = std::min(pause * 2, longest_pause);
  }
}

base::Result<Downloaded> check(const Download& download, const std::string& part, int file) {
  KONVOY_TRY(const auto found, crypto::digest_file(crypto::DigestAlgorithm::sha256, file));
  Downloaded done{.path = download.path, .sha256 = base::to_hex(found.digest), .size = found.size};
  if (download.sha256.empty() || base::to_lower(download.sha256) == done.sha256) return done;
  KONVOY_CHECK(system::remove_tree(part));
  base::Diagnostic problem{
      .message = fmt::format("'{}' is not what was asked for", without_credentials(download.url)),
      .notes = {{.message = "wanted SHA-256 " + download.sha256},
                {.message = "received SHA-256 " + done.sha256}},
      .hint = "do not use it; compare the digest with its publisher's"};
  return Error(ErrorKind::input, std::move(problem));
}

}  // namespace

std::string without_credentials(const std::string& url) {
  auto out = url.substr(0, url.find('?'));
  const auto scheme = out.find("://");
  if (scheme == std::string::npos) return out;
  const auto host = scheme + 3;
  const auto at = out.find('@', host);
  if (at != std::string::npos && at < out.find('/', host)) out.erase(host, at + 1 - host);
  return out;
}

base::Result<Downloaded> fetch(const Download& download, const base::EventSink& events,
                               system::Clock& clock) {
  KONVOY_CHECK(check_request(download));
  const auto part = download.path + ".part";
  const system::Descriptor file(
      ::open(part.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.open()) return system::system_error(ErrorKind::run, "write", part, errno);
  KONVOY_CHECK(transfer_all(download, file.fd(), events, clock));
  KONVOY_TRY(auto done, check(download, part, file.fd()));
  if (::fsync(file.fd()) != 0 || std::rename(part.c_str(), download.path.c_str()) != 0) {
    return system::system_error(ErrorKind::run, "write", download.path, errno);
  }
  return done;
}

base::Result<Downloaded> fetch_cached(Download download, const std::string& directory,
                                      const base::EventSink& events, system::Clock& clock) {
  KONVOY_CHECK(check_request(download));
  KONVOY_CHECK(system::make_directories(directory, 0700));
  auto name = base::to_lower(download.sha256);
  if (name.empty()) {
    KONVOY_TRY(const auto digest, crypto::sha256_hex(download.url));
    name = "url-" + digest;
  }
  download.path = directory + "/" + name;
  const system::Descriptor kept(::open(download.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (kept.open() && !download.sha256.empty()) {
    KONVOY_TRY(const auto found, crypto::digest_file(crypto::DigestAlgorithm::sha256, kept.fd()));
    if (base::to_hex(found.digest) == name) {
      return Downloaded{download.path, name, found.size, true};
    }
  }
  return fetch(download, events, clock);
}

}  // namespace konvoy::net
