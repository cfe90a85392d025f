#include "inventory/host_option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace konvoy::inventory {
namespace {

base::Error problem(std::string_view text, std::string_view why) {
  return {base::ErrorKind::usage, fmt::format("'{}' is no host: {}", text, why),
          "write [USER@]HOST[:PORT], an IPv6 address in brackets, or 'local'"};
}

// A name that starts with a dash would be an option of ssh; blanks and control characters are
// nobody's name.
bool is_sane(std::string_view name) {
  return !name.empty() && name[0] != '-' && std::ranges::none_of(name, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == '@' || c == '\x7f';
  });
}

base::Result<std::uint16_t> parse_port(std::string_view text, std::string_view port) {
  unsigned number = 0;
  const auto* end = port.data() + port.size();
  const auto [rest, error] = std::from_chars(port.data(), end, number);
  constexpr unsigned highest = 65535;
  if (error != std::errc() || rest != end || number == 0 || number > highest) {
    return problem(text, fmt::format("'{}' is no port from 1 to 65535", port));
  }
  return static_cast<std::uint16_t>(number);
}

}  // namespace

base::Result<Host> parse_host_option(std::string_view text) {
  if (text == "local")
    return Host{.name = "local", .connection = {.local = true, .address = "local"}};
  Connection connection;
  auto rest = text;
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    connection.user = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    if (!is_sane(connection.user)) return problem(text, "the user's name is empty or not a name");
  }
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == std::string_view::npos) return problem(text, "the bracket is not closed");
    const auto behind = rest.substr(close + 1);
    if (!behind.empty() && !behind.starts_with(':')) return problem(text, "a port follows a colon");
    if (behind == ":") return problem(text, "the port is missing");
    port = behind.empty() ? behind : behind.substr(1);
    connection.address = rest.substr(1, close - 1);
  } else {
    const auto colons = std::ranges::count(rest, ':');
    const auto colon = rest.find(':');
    connection.address = rest.substr(0, colons == 1 ? colon : std::string_view::npos);
    if (colons == 1) {
      port = rest.substr(colon + 1);
      if (port.empty()) return problem(text, "the port is missing");
    }
  }
  if (!is_sane(connection.address)) return problem(text, "its name is empty or not a name");
  if (!port.empty()) {
    KONVOY_TRY(connection.port, parse_port(text, port));
  }
  return Host{
      .name = connection.address, .connection = std::move(connection), .vars = value::Map()};
}

}  // namespace konvoy::inventory
