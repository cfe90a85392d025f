#include "config/provenance.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/encoding.hpp"

namespace konvoy::config {

std::string_view name_of(LayerKind kind) {
  switch (kind) {
    case LayerKind::defaults: return "defaults";
    case LayerKind::inventory: return "inventory";
    case LayerKind::image: return "image";
    case LayerKind::overrides: return "overrides";
    case LayerKind::flags: return "flags";
    case LayerKind::extra_vars: break;
  }
  return "extra-vars";
}

std::string join_path(std::string_view parent, std::string_view key) {
  const bool quoted = key.empty() || key.find_first_of(".\"") != std::string_view::npos;
  const auto step = quoted ? base::json_quote(key) : std::string(key);
  return parent.empty() ? step : fmt::format("{}.{}", parent, step);
}

const Trace* Provenance::find(std::string_view path) const {
  const auto found = traces_.find(std::string(path));
  return found == traces_.end() ? nullptr : &found->second;
}

void Provenance::set(const std::string& path, const Setting& setting) {
  const auto found = traces_.find(path);
  if (found == traces_.end()) {
    set_tree(path, setting);
    return;
  }
  auto trace = std::move(found->second);
  forget_below(path, trace.current.value);
  trace.replaced.insert(trace.replaced.begin(), std::exchange(trace.current, setting));
  set_tree(path, setting);
  traces_[path] = std::move(trace);
}

void Provenance::remove(const std::string& path) {
  const auto found = traces_.find(path);
  if (found == traces_.end()) return;
  forget_below(path, found->second.current.value);
  traces_.erase(path);
}

void Provenance::set_tree(const std::string& path, const Setting& setting) {
  traces_[path] = {.current = setting, .replaced = {}};
  if (const auto* map = setting.value.map()) {
    for (const auto& entry : map->entries()) {
      set_tree(join_path(path, entry.key), {.value = entry.value, .layer = setting.layer});
    }
  }
}

void Provenance::forget_below(const std::string& path, const value::Value& old) {
  const auto* map = old.map();
  if (map == nullptr) return;
  for (const auto& entry : map->entries()) {
    const auto below = join_path(path, entry.key);
    forget_below(below, entry.value);
    traces_.erase(below);
  }
}

}  // namespace konvoy::config
