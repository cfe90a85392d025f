#include "tls/scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "tls/suites.hpp"

namespace konvoy::tls {
namespace {

using base::Error;
using base::ErrorKind;

/// More than any first answer takes; a server that sends more without a hello is not one.
constexpr std::size_t most_reply = 128U << 10U;

/// No secret depends on it: no key is ever agreed on.
std::string random_bytes() {
  static thread_local std::mt19937_64 engine{std::random_device{}()};
  std::string bytes(32, '\0');
  std::generate(bytes.begin(), bytes.end(), [] { return static_cast<char>(engine() & 0xFFU); });
  return bytes;
}

std::vector<std::uint16_t> all_group_ids() {
  std::vector<std::uint16_t> ids;
  for (const Group& group : all_groups()) ids.push_back(group.id);
  return ids;
}

/// A server that closes the connection without a word refuses the offer too.
struct Closed {};
using Answer = std::variant<ServerHello, Alert, Closed>;

base::Result<Answer> read_answer(Transport& transport, const ScanLimits& limits) {
  std::string received;
  while (received.size() < most_reply) {
    KONVOY_TRY(const std::string more, transport.read(16384, limits.reply_timeout));
    if (more.empty()) return Answer{Closed{}};
    received += more;
    const Reply reply = parse_reply(received);
    if (const auto* hello = std::get_if<ServerHello>(&reply)) return Answer{*hello};
    if (const auto* alert = std::get_if<Alert>(&reply)) return Answer{*alert};
    if (const auto* not_tls = std::get_if<NotTls>(&reply)) {
      return Error{ErrorKind::input, fmt::format("it does not speak TLS: {}", not_tls->why)};
    }
  }
  return Error{ErrorKind::input, "it does not speak TLS: its answer does not end"};
}

/// One scan in progress.
class Scanner {
 public:
  Scanner(const Connect& connect, const std::string& server_name, const ScanLimits& limits)
      : connect_(connect), server_name_(server_name), limits_(limits) {}

  base::Result<Scan> run();

 private:
  base::Result<Answer> try_once(const Offer& offer);
  base::Result<Answer> ask(Offer offer);
  base::Result<std::optional<ServerHello>> accepted(Offer offer);
  base::Result<void> scan_version(Version version);
  base::Result<bool> server_chooses(const AcceptedVersion& version);
  base::Result<void> scan_groups();

  const Connect& connect_;
  const std::string& server_name_;
  const ScanLimits& limits_;
  Scan scan_;
  bool spoke_tls_ = false;
};

base::Result<Answer> Scanner::try_once(const Offer& offer) {
  ++scan_.connections;
  KONVOY_TRY(auto transport, connect_());
  KONVOY_CHECK(transport->write(render_client_hello(offer)));
  return read_answer(*transport, limits_);
}

base::Result<Answer> Scanner::ask(Offer offer) {
  offer.server_name = server_name_;
  auto wait = limits_.backoff;
  for (int failures = 0;;) {
    if (scan_.connections >= limits_.most_connections) {
      return Error{ErrorKind::check,
                   fmt::format("it still accepts suites after {} connections", scan_.connections)};
    }
    if (scan_.connections > 0) std::this_thread::sleep_for(limits_.pause);
    offer.random = random_bytes();
    auto answer = try_once(offer);
    if (answer) {
      spoke_tls_ = spoke_tls_ || !std::holds_alternative<Closed>(*answer);
      return answer;
    }
    // What does not speak TLS, or cannot be reached at all, will not do so later.
    if (answer.error().kind == ErrorKind::input || scan_.connections == 1) {
      return Error{ErrorKind::check, answer.error().diagnostics};
    }
    if (++failures >= limits_.most_failures) {
      return Error{ErrorKind::check, answer.error().diagnostics}.with_note(
          "it answered before and then no more");
    }
    std::this_thread::sleep_for(wait);
    wait *= 2;
  }
}

/// The server's choice when it is one of what was offered; nothing when it refuses.
base::Result<std::optional<ServerHello>> Scanner::accepted(Offer offer) {
  KONVOY_TRY(const Answer answer, ask(offer));
  const auto* hello = std::get_if<ServerHello>(&answer);
  if (hello == nullptr || hello->version != offer.version) return std::optional<ServerHello>{};
  if (std::find(offer.suites.begin(), offer.suites.end(), hello->suite) == offer.suites.end()) {
    return Error{ErrorKind::check,
                 fmt::format("it chose {}, which was not offered", suite_name(hello->suite))};
  }
  return std::optional<ServerHello>{*hello};
}

base::Result<void> Scanner::scan_version(Version version) {
  AcceptedVersion found{.version = version};
  std::vector<std::uint16_t> rest = suites_of(version);
  while (!rest.empty()) {
    KONVOY_TRY(const auto hello,
               accepted({.version = version, .suites = rest, .groups = all_group_ids()}));
    if (!hello) break;
    found.suites.push_back(hello->suite);
    std::erase(rest, hello->suite);
  }
  if (found.suites.empty()) return {};
  KONVOY_TRY(found.server_chooses, server_chooses(found));
  scan_.versions.push_back(std::move(found));
  return {};
}

/// Asked with its own order reversed, a server that goes by the client's takes the other end.
base::Result<bool> Scanner::server_chooses(const AcceptedVersion& version) {
  if (version.suites.size() < 2) return true;
  std::vector<std::uint16_t> reversed(version.suites.rbegin(), version.suites.rend());
  KONVOY_TRY(const auto hello,
             accepted({.version = version.version, .suites = reversed, .groups = all_group_ids()}));
  return !hello || hello->suite != reversed.front();
}

base::Result<void> Scanner::scan_groups() {
  for (const std::uint16_t group : all_group_ids()) {
    for (const AcceptedVersion& version : scan_.versions) {
      std::vector<std::uint16_t> suites = version.suites;
      if (version.version != Version::tls1_3) std::erase_if(suites, std::not_fn(uses_ecdhe));
      if (suites.empty()) continue;
      KONVOY_TRY(
          const auto hello,
          accepted({.version = version.version, .suites = std::move(suites), .groups = {group}}));
      if (!hello || (hello->group && *hello->group != group)) continue;
      scan_.groups.push_back(group);
      break;
    }
  }
  return {};
}

base::Result<Scan> Scanner::run() {
  for (const Version version :
       {Version::tls1_3, Version::tls1_2, Version::tls1_1, Version::tls1_0, Version::ssl3}) {
    KONVOY_CHECK(scan_version(version));
  }
  if (!spoke_tls_) {
    return Error{ErrorKind::check, "it closes every connection without an answer"};
  }
  KONVOY_CHECK(scan_groups());
  return std::move(scan_);
}

}  // namespace

base::Result<Scan> scan(const Connect& connect, const std::string& server_name,
                        const ScanLimits& limits) {
  return Scanner(connect, server_name, limits).run();
}

}  // namespace konvoy::tls
