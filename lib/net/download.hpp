// Files from URLs: resumed, retried, checked, kept in a cache.
//
// Proxies (http_proxy, https_proxy, no_proxy) and the system's certificates are libcurl's own
// business. Certificates are always verified.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/event.hpp"
#include "base/result.hpp"
#include "system/clock.hpp"

namespace konvoy::net {

struct Download {
  std::string url;     ///< https, http or file
  std::string sha256;  ///< 64 hexadecimal digits; empty: unknown, then only https and file will do
  std::string path;    ///< where the file goes; it appears whole and checked, or not at all
  std::uint64_t most_bytes = 64ULL << 30U;
  int attempts = 5;  ///< in all
  std::chrono::seconds connect_timeout{30};
  std::chrono::seconds stall_timeout{60};  ///< without a single byte
};

struct Downloaded {
  std::string path;
  std::string sha256;  ///< of what arrived
  std::uint64_t size = 0;
  bool from_cache = false;  ///< nothing was fetched
  bool operator==(const Downloaded&) const = default;
};

/// Fetches a file. What an earlier attempt left (`path`.part) is continued when the server can; the
/// digest is taken over the whole file at the end, and a wrong one removes it. Network failures and
/// 5xx answers are tried again with growing pauses; other answers are not.
/// Errors: input (URL, digest, 4xx), run (the network, the disk).
[[nodiscard]] base::Result<Downloaded> fetch(const Download& download,
                                             const base::EventSink& events,
                                             system::Clock& clock = system::real_clock());

/// fetch() into `directory` under a name made of the digest (or, without one, of the URL); a file
/// that is there already and has the digest is used as it is.
[[nodiscard]] base::Result<Downloaded> fetch_cached(Download download, const std::string& directory,
                                                    const base::EventSink& events,
                                                    system::Clock& clock = system::real_clock());

/// "https://host/path" without user, password and query: for messages and records.
[[nodiscard]] std::string without_credentials(const std::string& url);

}  // namespace konvoy::net
