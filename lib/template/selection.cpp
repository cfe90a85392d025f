#include "template/selection.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_set>

#include "base/text.hpp"
#include "template/access.hpp"
#include "template/operators.hpp"
#include "template/python_text.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {

Outcome<Object> part_of(const Object& item, const Object& path) {
  if (path.text() == nullptr) return item_of(item, path);
  Object part = item;
  for (const auto& step : base::split(*path.text(), '.')) {
    const bool is_index =
        !step.empty() && step.find_first_not_of("0123456789") == std::string::npos;
    const auto index = is_index ? parse_integer(step) : std::nullopt;
    KONVOY_TRY(part, item_of(part, index.value_or(Object(step))));
  }
  return part;
}

Object without_case(const Object& item) {
  return item.text() == nullptr ? item : Object(to_lower(*item.text()));
}

Outcome<Items> sort_by(Items items, const std::vector<Object>& keys, bool reverse) {
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), 0);
  std::optional<Failure> failure;
  const auto less = [&](std::size_t a, std::size_t b) {
    if (failure) return false;
    const auto result = reverse ? is_less(keys[b], keys[a]) : is_less(keys[a], keys[b]);
    if (!result) failure = result.error();
    return result && *result;
  };
  std::ranges::stable_sort(order, less);
  if (failure) return *failure;
  Items sorted;
  sorted.reserve(items.size());
  for (const auto place : order) sorted.push_back(std::move(items[place]));
  return sorted;
}

Items first_of_each(const Items& items, const std::vector<Object>& keys) {
  Items kept;
  std::unordered_multimap<std::size_t, std::size_t> seen;
  std::vector<std::size_t> without_hash;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto hash = hash_of(keys[i]);
    const auto same = [&](std::size_t other) { return equals(keys[other], keys[i]); };
    bool known = false;
    if (hash) {
      const auto [from, to] = seen.equal_range(*hash);
      known = std::any_of(from, to, [&same](const auto& each) { return same(each.second); });
      if (!known) seen.emplace(*hash, i);
    } else {
      known = std::ranges::any_of(without_hash, same);
      if (!known) without_hash.push_back(i);
    }
    if (!known) kept.push_back(items[i]);
  }
  return kept;
}

Outcome<std::vector<Object>> keys_of(const Items& items, const Object* attribute,
                                     bool case_counts) {
  std::vector<Object> keys;
  keys.reserve(items.size());
  for (const auto& item : items) {
    auto key = item;
    if (attribute != nullptr && !attribute->is_none()) {
      KONVOY_TRY(key, part_of(item, *attribute));
    }
    if (const auto* missing = key.undefined()) return missing->failure;
    keys.push_back(case_counts ? std::move(key) : without_case(key));
  }
  return keys;
}

}  // namespace konvoy::templates
