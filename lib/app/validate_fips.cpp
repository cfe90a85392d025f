#include "app/validate_fips.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "facts/gather.hpp"
#include "system/parallel.hpp"

namespace konvoy::app {
namespace {

base::Result<verify::FipsSigns> ask(const ChosenHost& host, const OpenTarget& open) {
  KONVOY_TRY(const auto target, open(host));
  KONVOY_TRY(const auto facts, facts::gather(*target));
  return verify::check_fips_signs(*target, facts);
}

bool is_unreachable(const FipsHost& host) {
  return host.error && host.error->kind == base::ErrorKind::unreachable;
}

value::Value to_value(const FipsHost& host) {
  value::Map map;
  map.set("name", host.name);
  if (host.error) {
    map.set("result", is_unreachable(host) ? "unreachable" : "error");
    map.set("error", host.error->message());
    return value::Value(std::move(map));
  }
  const auto signs = verify::to_value(host.signs);
  for (const auto& entry : signs.map()->entries()) map.set(entry);
  return value::Value(std::move(map));
}

}  // namespace

std::vector<FipsHost> validate_fips(std::span<const ChosenHost> hosts, const OpenTarget& open,
                                    std::size_t at_once) {
  std::vector<FipsHost> all(hosts.size());
  system::in_parallel(hosts.size(), at_once, [&](std::size_t i) {
    all[i].name = hosts[i].name();
    auto signs = ask(hosts[i], open);
    if (signs) {
      all[i].signs = *std::move(signs);
    } else {
      all[i].error = signs.error();
    }
  });
  return all;
}

value::Value to_value(const std::vector<FipsHost>& hosts) {
  value::List list;
  for (const auto& host : hosts) list.push_back(to_value(host));
  value::Map all;
  all.set("hosts", std::move(list));
  return value::Value(std::move(all));
}

std::string render_text(const std::vector<FipsHost>& hosts) {
  std::string text;
  for (const auto& host : hosts) {
    if (host.error) {
      text += fmt::format("{}: {}\n  {}\n", host.name,
                          is_unreachable(host) ? "unreachable" : "error", host.error->message());
      continue;
    }
    text += fmt::format("{}: {}\n", host.name,
                        host.signs.passed() ? "every sign of FIPS mode is there"
                                            : "not every sign of FIPS mode is there");
    for (const auto& line : base::split_lines(verify::render_text(host.signs))) {
      text += fmt::format("  {}\n", line);
    }
  }
  return text;
}

int exit_code(const std::vector<FipsHost>& hosts) {
  int code = 0;
  for (const auto& host : hosts) {
    if (!host.error && !host.signs.passed()) return 1;
    if (host.error && !is_unreachable(host)) code = 3;
    if (is_unreachable(host) && code == 0) code = 4;
  }
  return code;
}

}  // namespace konvoy::app
