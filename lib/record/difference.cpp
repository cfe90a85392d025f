#include "record/difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace konvoy::record {
namespace {

using value::Value;

bool is_volatile(std::string_view key) {
  constexpr std::array<std::string_view, 4> keys = {"started", "ended", "seconds", "run"};
  return std::ranges::find(keys, key) != keys.end();
}

std::string name_of_item(const Value& item, std::size_t place) {
  for (const auto* key : {"name", "step", "path"}) {
    const auto* found = item.at_path(key);
    if (item.is_map() && found != nullptr && found->is_string()) return *found->string();
  }
  return std::to_string(place);
}

// The parts of a map or list by the name that tells them apart, ordered.
std::map<std::string, Value> parts_of(const Value& whole, const std::string& path) {
  std::map<std::string, Value> parts;
  if (const auto* map = whole.map()) {
    for (const auto& entry : map->entries()) {
      if (is_volatile(entry.key)) continue;
      parts.emplace(path.empty() ? entry.key : path + "." + entry.key, entry.value);
    }
  } else if (const auto* list = whole.list()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      parts.emplace(fmt::format("{}[{}]", path, name_of_item((*list)[i], i)), (*list)[i]);
    }
  }
  return parts;
}

bool has_parts(const Value& value) {
  return value.is_map() || value.is_list();
}

void compare(const Value& a, const Value& b, const std::string& path,
             std::vector<Difference>& found) {
  if (a == b) return;
  if (!has_parts(a) || a.kind() != b.kind()) {
    found.push_back({path, a, b});
    return;
  }
  const auto of_a = parts_of(a, path);
  const auto of_b = parts_of(b, path);
  for (const auto& [name, value] : of_a) {
    const auto other = of_b.find(name);
    compare(value, other == of_b.end() ? Value() : other->second, name, found);
  }
  for (const auto& [name, value] : of_b) {
    if (!of_a.contains(name)) compare(Value(), value, name, found);
  }
}

}  // namespace

std::vector<Difference> differences(const Value& a, const Value& b) {
  std::vector<Difference> found;
  compare(a, b, "", found);
  std::ranges::sort(found, {}, &Difference::path);
  return found;
}

}  // namespace konvoy::record
