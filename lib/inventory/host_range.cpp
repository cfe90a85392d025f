#include "inventory/host_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace konvoy::inventory {
namespace {

// The order of Python's string.ascii_letters, which Ansible's letter ranges follow.
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

base::Error problem(std::string message, std::string hint) {
  return {base::ErrorKind::input, std::move(message), std::move(hint)};
}

std::optional<long> number(std::string_view text) {
  long value = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end ? std::optional(value) : std::nullopt;
}

struct Split {
  std::string_view host;
  std::string_view port;  // empty: none
};

// A colon parts host and port when it is the only one outside of brackets and digits follow.
Split split_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return {text, {}};
  const auto port = text.substr(colon + 1);
  if (!std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) return {text, {}};
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.find(']') == host.size() - 1) {
    return {host.substr(1, host.size() - 2), port};
  }
  int depth = 0;
  for (const char c : host) {
    if (c == '[') ++depth;
    if (c == ']') --depth;
    if (c == ':' && depth == 0) return {text, {}};
  }
  return depth == 0 ? Split{host, port} : Split{text, {}};
}

bool has_range(std::string_view text) {
  const auto open = text.find('[');
  const auto colon = text.find(':');
  const auto close = text.find(']');
  return open != std::string_view::npos && colon != std::string_view::npos &&
         close != std::string_view::npos && open < colon && colon < close;
}

base::Result<std::vector<std::string>> letter_range(std::string_view range, std::size_t first,
                                                    std::size_t last, long step) {
  if (first > last) {
    return problem(fmt::format("the range '[{}]' runs backwards", range),
                   "write the smaller bound first");
  }
  std::vector<std::string> all;
  for (auto at = first; at <= last; at += static_cast<std::size_t>(step)) {
    all.emplace_back(1, letters[at]);
  }
  return all;
}

base::Result<std::vector<std::string>> number_range(std::string_view range,
                                                    const std::string& begin,
                                                    const std::string& end, long step) {
  const auto first = number(begin);
  const auto last = number(end);
  if (!first || !last) {
    return problem(fmt::format("the range '[{}]' goes neither from number to number nor from "
                               "letter to letter",
                               range),
                   "write it like [1:9], [01:50] or [a:f]");
  }
  if (*first > *last) {
    return problem(fmt::format("the range '[{}]' runs backwards", range),
                   "write the smaller bound first");
  }
  if (static_cast<std::size_t>(*last - *first) / static_cast<std::size_t>(step) >= most_hosts) {
    return problem(fmt::format("the range '[{}]' gives more than {} names", range, most_hosts),
                   "correct its bounds");
  }
  const bool padded = begin.size() > 1 && begin[0] == '0';
  if (padded && begin.size() != end.size()) {
    return problem(fmt::format("the bounds of the range '[{}]' differ in length", range),
                   "a leading zero pads: write both bounds with the same number of digits");
  }
  std::vector<std::string> all;
  for (long at = *first; at <= *last; at += step) {
    all.push_back(padded ? fmt::format("{:0{}}", at, begin.size()) : std::to_string(at));
  }
  return all;
}

// What the inside of one pair of brackets stands for.
base::Result<std::vector<std::string>> expand_range(std::string_view range) {
  const auto bounds = base::split(range, ':');
  if (bounds.size() > 3) {
    return problem(fmt::format("the range '[{}]' has too many parts", range),
                   "write begin:end or begin:end:step");
  }
  if (bounds[1].empty()) {
    return problem(fmt::format("the range '[{}]' has no end", range), "write it like [1:9]");
  }
  const auto begin = bounds[0].empty() ? std::string("0") : bounds[0];
  const auto step = bounds.size() == 3 ? number(bounds[2]) : std::optional(1L);
  if (!step || *step < 1) {
    return problem(fmt::format("'{}' is no step for the range '[{}]'", bounds[2], range),
                   "use a whole number from 1 on");
  }
  const auto place = [](const std::string& bound) {
    return bound.size() == 1 ? letters.find(bound[0]) : std::string_view::npos;
  };
  const auto first = place(begin);
  const auto last = place(bounds[1]);
  if (first != std::string_view::npos && last != std::string_view::npos) {
    return letter_range(range, first, last, *step);
  }
  return number_range(range, begin, bounds[1], *step);
}

// Every range of a name at least doubles the hosts, or is none: this many are enough.
constexpr int most_ranges = 16;

base::Result<void> expand_into(const std::string& pattern, int ranges,
                               std::vector<std::string>& names) {
  if (ranges > most_ranges) {
    return problem(fmt::format("a name has more than {} ranges", most_ranges), "write fewer");
  }
  if (!has_range(pattern)) {
    if (names.size() >= most_hosts) {
      return problem(fmt::format("ranges give more than {} names", most_hosts),
                     "correct their bounds");
    }
    names.push_back(pattern);
    return {};
  }
  const auto open = pattern.find('[');
  const auto close = pattern.find(']');
  KONVOY_TRY(const auto values,
             expand_range(std::string_view(pattern).substr(open + 1, close - open - 1)));
  for (const auto& value : values) {
    KONVOY_CHECK(expand_into(pattern.substr(0, open) + value + pattern.substr(close + 1),
                             ranges + 1, names));
  }
  return {};
}

}  // namespace

base::Result<NamesAndPort> expand_host(std::string_view pattern) {
  const auto [host, port_text] = split_port(pattern);
  NamesAndPort all;
  if (!port_text.empty()) {
    const auto port = number(port_text);
    constexpr long highest_port = 65535;
    if (!port || *port < 1 || *port > highest_port) {
      return problem(fmt::format("'{}' is no port", port_text), "ports go from 1 to 65535");
    }
    all.port = static_cast<std::uint16_t>(*port);
  }
  if (host.empty() || (host.ends_with(':') && host.find("::") == std::string_view::npos)) {
    return problem(fmt::format("'{}' is no name of a host", pattern),
                   "a colon stands only before a port");
  }
  KONVOY_CHECK(expand_into(std::string(host), 0, all.names));
  return all;
}

}  // namespace konvoy::inventory
