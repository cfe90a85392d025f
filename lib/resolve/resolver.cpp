#include "resolve/resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/suggest.hpp"

namespace konvoy::resolve {
namespace {

// "a.\"b.c\".d" to its keys.
std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> keys(1);
  bool quoted = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '"') {
      quoted = !quoted;
    } else if (path[i] == '\\' && quoted && i + 1 < path.size()) {
      keys.back() += path[++i];
    } else if (path[i] == '.' && !quoted) {
      keys.emplace_back();
    } else {
      keys.back() += path[i];
    }
  }
  return keys;
}

base::Error nothing_at(std::string_view path, const value::Value& parent, const std::string& key) {
  std::vector<std::string> known;
  if (const auto* map = parent.map()) {
    for (const auto& entry : map->entries()) known.push_back(entry.key);
  }
  return {base::ErrorKind::input, fmt::format("there is no variable '{}'", path),
          base::did_you_mean(key, known)};
}

}  // namespace

Resolver::Resolver(const value::Value& config, const value::Map& facts) : config_(config) {
  for (const auto& fact : facts.entries()) engine_.set_fact(fact.key, fact.value);
  if (config_.map() == nullptr) return;
  for (const auto& entry : config_.map()->entries()) engine_.set(entry.key, entry.value);
}

std::vector<std::string> Resolver::all_behind(const std::vector<std::string>& names) const {
  std::set<std::string> seen;
  std::vector<std::string> waiting = names;
  while (!waiting.empty()) {
    auto name = std::move(waiting.back());
    waiting.pop_back();
    if (!seen.insert(name).second) continue;
    for (auto& next : engine_.dependencies(name)) waiting.push_back(std::move(next));
  }
  return {seen.begin(), seen.end()};
}

base::Result<Resolved> Resolver::resolve(std::string_view path) {
  const auto keys = split_path(path);
  const auto* value = &config_;
  for (const auto& key : keys) {
    const auto* map = value->map();
    const auto* next = map == nullptr ? nullptr : map->find(key);
    if (next == nullptr) return nothing_at(path, *value, key);
    value = next;
  }
  KONVOY_TRY(auto rendered,
             keys.size() == 1 ? engine_.resolve(keys.front()) : engine_.render(*value));
  return Resolved{.value = std::move(rendered.value),
                  .depends_on = all_behind(rendered.depends_on)};
}

base::Result<value::Value> Resolver::resolve_all() {
  value::Map resolved;
  std::vector<base::Diagnostic> problems;
  if (config_.map() == nullptr) return config_;
  for (const auto& entry : config_.map()->entries()) {
    auto rendered = engine_.resolve(entry.key);
    if (!rendered) {
      for (const auto& problem : rendered.error().diagnostics) {
        if (std::ranges::find(problems, problem) == problems.end()) problems.push_back(problem);
      }
      continue;
    }
    auto copy = entry;
    copy.value = std::move(rendered->value);
    resolved.set(std::move(copy));
  }
  if (!problems.empty()) {
    base::sort_by_place(problems);
    return base::Error(base::ErrorKind::input, std::move(problems));
  }
  return value::Value(std::move(resolved), config_.origin());
}

}  // namespace konvoy::resolve
