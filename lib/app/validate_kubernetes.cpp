#include "app/validate_kubernetes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "system/parallel.hpp"

namespace konvoy::app {
namespace {

using preflight::Check;
using preflight::HostState;
using preflight::Peer;
using preflight::Status;

const std::string& address_of(const ChosenHost& host) {
  return host.host.connection.address;
}

// The others, beginning with the next one: asked for the first few, they form a ring.
std::vector<Peer> peers_of(std::span<const ChosenHost> hosts, std::size_t self) {
  std::vector<Peer> peers;
  for (std::size_t step = 1; step < hosts.size(); ++step) {
    const auto& other = hosts[(self + step) % hosts.size()];
    if (!other.host.connection.local) peers.push_back({other.name(), address_of(other)});
  }
  return peers;
}

base::Result<HostState> ask(std::span<const ChosenHost> hosts, std::size_t self,
                            const OpenTarget& open) {
  KONVOY_TRY(const auto target, open(hosts[self]));
  KONVOY_TRY(auto state,
             preflight::gather_state(*target, address_of(hosts[self]), peers_of(hosts, self)));
  state.name = hosts[self].name();
  return state;
}

std::string_view result_of(const ValidatedHost& host) {
  if (!host.error) return preflight::passed(host.checks) ? "pass" : "fail";
  return host.error->kind == base::ErrorKind::unreachable ? "unreachable" : "error";
}

std::string text_of(const Check& check) {
  auto text = fmt::format("  {:<8}{:<20}{}\n", name_of(check.status), check.name, check.reason);
  if (!check.fix.empty()) text += fmt::format("  {:<28}fix: {}\n", "", check.fix);
  return text;
}

}  // namespace

std::vector<ValidatedHost> validate_kubernetes(std::span<const ChosenHost> hosts,
                                               const OpenTarget& open,
                                               const preflight::Settings& settings,
                                               std::size_t at_once) {
  std::vector<base::Result<HostState>> asked(hosts.size(), HostState{});
  system::in_parallel(hosts.size(), at_once,
                      [&](std::size_t i) { asked[i] = ask(hosts, i, open); });

  std::vector<HostState> states;
  for (const auto& state : asked) {
    if (state) states.push_back(*state);
  }
  auto checks = preflight::validate(states, settings);
  std::vector<ValidatedHost> all;
  std::size_t next = 0;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    ValidatedHost host{.name = hosts[i].name()};
    if (asked[i]) {
      host.checks = std::move(checks[next++]);
    } else {
      host.error = asked[i].error();
    }
    all.push_back(std::move(host));
  }
  return all;
}

value::Value to_value(const std::vector<ValidatedHost>& hosts) {
  value::List list;
  for (const auto& host : hosts) {
    value::List checks;
    for (const auto& check : host.checks) {
      value::Map map;
      map.set("name", check.name);
      map.set("status", name_of(check.status));
      map.set("reason", check.reason);
      map.set("fix", check.fix);
      checks.emplace_back(std::move(map));
    }
    value::Map map;
    map.set("name", host.name);
    map.set("result", result_of(host));
    map.set("checks", std::move(checks));
    if (host.error) map.set("error", host.error->message());
    list.emplace_back(std::move(map));
  }
  value::Map all;
  all.set("hosts", std::move(list));
  return all;
}

std::string render_text(const std::vector<ValidatedHost>& hosts, bool all) {
  std::string out;
  for (const auto& host : hosts) {
    out += fmt::format("{}: {}\n", host.name, result_of(host));
    if (host.error) out += fmt::format("  {}\n", host.error->message());
    for (const auto& check : host.checks) {
      if (all || check.status != Status::ok) out += text_of(check);
    }
  }
  return out;
}

int exit_code(const std::vector<ValidatedHost>& hosts) {
  constexpr int check_failed = 1;
  constexpr int run_failed = 3;
  constexpr int unreachable = 4;
  const auto any = [&](std::string_view result) {
    return std::ranges::any_of(hosts, [&](const auto& host) { return result_of(host) == result; });
  };
  if (any("fail")) return check_failed;
  if (any("error")) return run_failed;
  return any("unreachable") ? unreachable : 0;
}

}  // namespace konvoy::app
