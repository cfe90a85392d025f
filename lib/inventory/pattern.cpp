#include "inventory/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>
#include <set>
#include <utility>

#include "base/suggest.hpp"
#include "base/text.hpp"

namespace konvoy::inventory {
namespace {

base::Error problem(std::string message, std::string hint) {
  return {base::ErrorKind::usage, std::move(message), std::move(hint)};
}

bool is_ipv6(std::string_view text) {
  return std::ranges::count(text, ':') >= 2 &&
         text.find_first_not_of("0123456789abcdefABCDEF:.%") == std::string_view::npos;
}

// Colons inside of brackets belong to a range of places.
std::vector<std::string> split_at_colons(std::string_view pattern) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : pattern) {
    if (c == '[') ++depth;
    if (c == ']') --depth;
    if (c == ':' && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::vector<std::string> split_pattern(std::string_view pattern) {
  std::vector<std::string> all;
  const bool commas = pattern.find(',') != std::string_view::npos;
  const auto parts = commas             ? base::split(pattern, ',')
                     : is_ipv6(pattern) ? std::vector<std::string>{std::string(pattern)}
                                        : split_at_colons(pattern);
  for (const auto& part : parts) {
    if (const auto trimmed = base::trim(part); !trimmed.empty()) all.emplace_back(trimmed);
  }
  return all;
}

// "[0]", "[-1]", "[1:3]", "[2:]" behind a name: places among its hosts, the last one included.
struct Subscript {
  std::string name;
  long first = 0;
  std::optional<long> last;  // empty: to the end
};

std::optional<long> number(std::string_view text) {
  long value = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end && !text.empty() ? std::optional(value) : std::nullopt;
}

std::optional<Subscript> parse_subscript(std::string_view part) {
  const auto open = part.rfind('[');
  if (part.starts_with('~') || !part.ends_with(']') || open == std::string_view::npos ||
      open == 0) {
    return std::nullopt;
  }
  const auto inside = part.substr(open + 1, part.size() - open - 2);
  Subscript subscript{.name = std::string(part.substr(0, open))};
  if (const auto single = number(inside)) {
    subscript.first = *single;
    subscript.last = *single;
    return subscript;
  }
  const auto parting = inside.find_first_of(":-");
  if (parting == std::string_view::npos) return std::nullopt;
  const auto first = number(inside.substr(0, parting));
  const auto last = number(inside.substr(parting + 1));
  if (!first || *first < 0 || (!last && parting + 1 != inside.size())) return std::nullopt;
  subscript.first = *first;
  subscript.last = last;
  return subscript;
}

class Matcher {
 public:
  explicit Matcher(const Inventory& inventory) : inventory_(inventory) {}

  /// The hosts that one part without `&` and `!` means.
  base::Result<std::vector<std::string>> match(std::string_view part) const {
    if (part == "all" || part == "*") return inventory_.hosts_of("all");
    if (const auto subscript = parse_subscript(part)) {
      KONVOY_TRY(auto hosts, by_name(subscript->name));
      return places(*subscript, hosts, part);
    }
    return by_name(part);
  }

 private:
  base::Result<std::vector<std::string>> by_name(std::string_view part) const {
    KONVOY_TRY(const auto groups, matching(part, inventory_.groups));
    std::set<std::string> found;
    for (const auto& group : groups) {
      for (auto& host : inventory_.hosts_of(group)) found.insert(std::move(host));
    }
    const bool open_ended =
        part.starts_with('~') || part.find_first_of(".?*[") != std::string_view::npos;
    if (groups.empty() || open_ended) {
      KONVOY_TRY(auto hosts, matching(part, inventory_.hosts));
      found.insert(hosts.begin(), hosts.end());
      if (groups.empty() && hosts.empty()) return nothing_matches(part);
    }
    std::vector<std::string> ordered;
    for (const auto& host : inventory_.hosts) {
      if (found.contains(host.name)) ordered.push_back(host.name);
    }
    return ordered;
  }

  template <class Named>
  static base::Result<std::vector<std::string>> matching(std::string_view part,
                                                         const std::vector<Named>& all) {
    std::vector<std::string> names;
    if (!part.starts_with('~')) {
      for (const auto& each : all) {
        if (each.name == part || base::matches_glob(each.name, part)) names.push_back(each.name);
      }
      return names;
    }
    try {
      const std::regex expression(std::string(part.substr(1)), std::regex::ECMAScript);
      for (const auto& each : all) {
        if (std::regex_search(each.name, expression, std::regex_constants::match_continuous)) {
          names.push_back(each.name);
        }
      }
    } catch (const std::regex_error&) {
      return problem(fmt::format("'{}' is no regular expression", part.substr(1)),
                     "what follows '~' must be one; in a glob, '*' stands for any text");
    }
    return names;
  }

  base::Error nothing_matches(std::string_view part) const {
    std::vector<std::string> known;
    for (const auto& group : inventory_.groups) known.push_back(group.name);
    for (const auto& host : inventory_.hosts) known.push_back(host.name);
    auto hint = base::did_you_mean(part, known);
    if (hint.empty())
      hint = "'all' means every host; groups and hosts are named as in the inventory";
    return problem(fmt::format("no group and no host matches '{}'", part), std::move(hint));
  }

  static base::Result<std::vector<std::string>> places(const Subscript& subscript,
                                                       const std::vector<std::string>& hosts,
                                                       std::string_view part) {
    const auto count = static_cast<long>(hosts.size());
    const auto place = [&](long at) { return at < 0 ? at + count : at; };
    const long first = place(subscript.first);
    const long last = std::min(place(subscript.last.value_or(count - 1)), count - 1);
    if (first < 0 || first > last) {
      return problem(
          fmt::format("'{}' is outside of the {} hosts of '{}'", part, count, subscript.name),
          "places count from 0");
    }
    return std::vector<std::string>(hosts.begin() + first, hosts.begin() + last + 1);
  }

  const Inventory& inventory_;
};

}  // namespace

base::Result<std::vector<std::string>> select_hosts(const Inventory& inventory,
                                                    std::string_view pattern) {
  const Matcher matcher(inventory);
  std::set<std::string> chosen;
  std::set<std::string> excluded;
  std::vector<std::set<std::string>> required;
  bool any_plain = false;
  for (const auto& part : split_pattern(pattern)) {
    const bool modified = part[0] == '!' || part[0] == '&';
    KONVOY_TRY(const auto hosts, matcher.match(std::string_view(part).substr(modified ? 1 : 0)));
    if (part[0] == '!') {
      excluded.insert(hosts.begin(), hosts.end());
    } else if (part[0] == '&') {
      required.emplace_back(hosts.begin(), hosts.end());
    } else {
      any_plain = true;
      chosen.insert(hosts.begin(), hosts.end());
    }
  }
  std::vector<std::string> names;
  for (const auto& host : inventory.hosts) {
    const bool meant =
        (!any_plain || chosen.contains(host.name)) && !excluded.contains(host.name) &&
        std::ranges::all_of(required, [&](const auto& set) { return set.contains(host.name); });
    if (meant) names.push_back(host.name);
  }
  if (names.empty()) {
    return problem(fmt::format("the pattern '{}' leaves no host", pattern),
                   "parts after '&' must all hold, those after '!' are left out");
  }
  return names;
}

}  // namespace konvoy::inventory
