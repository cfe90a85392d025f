// A TLS server that only chooses: it reads a ClientHello and answers with a ServerHello or an
// alert.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "tls/transport.hpp"
#include "tls/wire.hpp"

namespace konvoy::test {

struct FakeServer {
  std::map<tls::Version, std::vector<std::uint16_t>> suites;  ///< in its order
  std::vector<std::uint16_t> groups{23};
  bool server_order = true;
  bool closes_instead_of_alerts = false;
  int failing_connections = 0;  ///< the second and following ones that fail
  int connections = 0;

  std::string answer(std::string_view hello) const;
};

namespace fake {

inline std::size_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value = (value << 8U) | static_cast<unsigned char>(bytes.at(at + i));
  }
  return value;
}

inline std::vector<std::uint16_t> numbers(std::string_view bytes) {
  std::vector<std::uint16_t> list;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    list.push_back(static_cast<std::uint16_t>(number(bytes, at, 2)));
  }
  return list;
}

struct Hello {
  tls::Version version;
  std::vector<std::uint16_t> suites;
  std::vector<std::uint16_t> groups;
};

inline Hello parse(std::string_view record) {
  std::string_view body = record.substr(9);
  Hello hello{.version = static_cast<tls::Version>(number(body, 0, 2))};
  const std::size_t suites = number(body, 35, 2);
  hello.suites = numbers(body.substr(37, suites));
  std::size_t at = 37 + suites + 2;
  if (at >= body.size()) return hello;
  for (at += 2; at < body.size();) {
    const std::size_t type = number(body, at, 2);
    const std::size_t size = number(body, at + 2, 2);
    const std::string_view content = body.substr(at + 4, size);
    if (type == 10) hello.groups = numbers(content.substr(2));
    if (type == 43) hello.version = tls::Version::tls1_3;
    at += 4 + size;
  }
  return hello;
}

inline std::string record(char type, const std::string& content) {
  std::string out{type, 3, 3};
  out += static_cast<char>(content.size() >> 8U);
  out += static_cast<char>(content.size() & 0xFFU);
  return out + content;
}

inline std::string server_hello(tls::Version version, std::uint16_t suite, std::uint16_t group) {
  const bool new_version = version == tls::Version::tls1_3;
  const auto legacy = static_cast<std::uint16_t>(new_version ? tls::Version::tls1_2 : version);
  std::string body{static_cast<char>(legacy >> 8U), static_cast<char>(legacy & 0xFFU)};
  body += std::string(32, 'r');
  body += std::string{0, static_cast<char>(suite >> 8U), static_cast<char>(suite & 0xFFU), 0};
  if (new_version) {
    body += std::string{0, 12, 0, 43, 0, 2, 3, 4, 0, 51, 0, 2};
    body += {static_cast<char>(group >> 8U), static_cast<char>(group & 0xFFU)};
  }
  return record(22, std::string{2, 0, 0, static_cast<char>(body.size())} + body);
}

}  // namespace fake

inline std::string FakeServer::answer(std::string_view record) const {
  const std::string refusal = closes_instead_of_alerts ? "" : fake::record(21, "\x02\x28");
  const fake::Hello hello = fake::parse(record);
  const auto known = suites.find(hello.version);
  if (known == suites.end()) return refusal;
  const auto& first = server_order ? known->second : hello.suites;
  const auto& second = server_order ? hello.suites : known->second;
  const auto group =
      std::find_first_of(groups.begin(), groups.end(), hello.groups.begin(), hello.groups.end());
  const auto chosen = std::find_first_of(first.begin(), first.end(), second.begin(), second.end());
  if (chosen == first.end()) return refusal;
  if (group == groups.end() && *chosen > 0x1300) return refusal;
  return fake::server_hello(hello.version, *chosen, group == groups.end() ? 0 : *group);
}

class FakeTransport : public tls::Transport {
 public:
  explicit FakeTransport(const FakeServer& server) : server_(server) {}
  base::Result<std::string> read(std::size_t limit, std::chrono::milliseconds) override {
    // In pieces, as a network may give it.
    std::string piece = pending_.substr(0, std::min<std::size_t>(limit, 7));
    pending_.erase(0, piece.size());
    return piece;
  }
  base::Result<void> write(std::string_view bytes) override {
    pending_ = server_.answer(bytes);
    return {};
  }

 private:
  const FakeServer& server_;
  std::string pending_;
};

inline tls::Connect connect_to(FakeServer& server) {
  return [&server]() -> base::Result<std::unique_ptr<tls::Transport>> {
    ++server.connections;
    if (server.connections > 1 && server.failing_connections > 0) {
      --server.failing_connections;
      return base::Error{base::ErrorKind::run, "connection refused"};
    }
    return std::unique_ptr<tls::Transport>(std::make_unique<FakeTransport>(server));
  };
}

}  // namespace konvoy::test
