#include "config/taint.hpp"

#include <string>

#include "base/secret.hpp"
#include "config/provenance.hpp"
#include "config/schema.hpp"

namespace konvoy::config {
namespace {

using value::Value;

bool is_harmless(const Value& value) {
  return value.is_null() || value.kind() == value::Kind::boolean ||
         (value.is_string() && value.string()->empty());
}

bool is_secret(const std::string& path, std::string_view key) {
  const auto* variable = find_variable(path);
  return variable != nullptr ? variable->secret : base::names_a_secret(key);
}

Value taint_at(const Value& value, const std::string& parent);

Value taint_list(const Value& value, const std::string& path) {
  value::List items;
  bool changed = false;
  for (const auto& item : *value.list()) {
    items.push_back(taint_at(item, path));
    changed = changed || items.back().holds_secret() != item.holds_secret();
  }
  return changed ? Value(std::move(items), value.origin()) : value;
}

Value taint_map(const Value& value, const std::string& parent) {
  value::Map map = *value.map();
  bool changed = false;
  for (const auto& entry : value.map()->entries()) {
    const auto path = join_path(parent, entry.key);
    auto tainted = is_secret(path, entry.key) && !is_harmless(entry.value)
                       ? entry.value.as_secret()
                       : taint_at(entry.value, path);
    if (tainted.holds_secret() == entry.value.holds_secret()) continue;
    changed = true;
    auto copy = entry;
    copy.value = std::move(tainted);
    map.set(std::move(copy));
  }
  return changed ? Value(std::move(map), value.origin()) : value;
}

Value taint_at(const Value& value, const std::string& parent) {
  if (value.is_map()) return taint_map(value, parent);
  if (value.is_list()) return taint_list(value, parent);
  return value;
}

}  // namespace

value::Value taint(const value::Value& value) {
  return taint_at(value, "");
}

}  // namespace konvoy::config
