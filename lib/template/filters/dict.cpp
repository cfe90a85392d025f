// Filters about maps.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "template/access.hpp"
#include "template/builtins.hpp"
#include "template/selection.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

enum class ListMerge { replace, keep, append, prepend, append_new, prepend_new };

Outcome<ListMerge> list_merge_of(const std::string& name) {
  static constexpr std::array<std::string_view, 6> names = {"replace", "keep",      "append",
                                                            "prepend", "append_rp", "prepend_rp"};
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<ListMerge>(found - names.begin());
  return misuse(fmt::format("has no way '{}' to merge lists", name),
                fmt::format("the ways are: {}", fmt::join(names, ", ")));
}

Items concatenated(const Items& a, const Items& b) {
  Items all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

// What `low` keeps when the items that `high` has too are taken out.
Items without(const Items& low, const Items& high) {
  Items kept;
  for (const auto& item : low) {
    const auto same = [&item](const Object& other) { return equals(item, other); };
    if (std::ranges::none_of(high, same)) kept.push_back(item);
  }
  return kept;
}

Items merge_lists(const Items& low, const Items& high, ListMerge how) {
  switch (how) {
    case ListMerge::replace: return high;
    case ListMerge::keep: return low;
    case ListMerge::append: return concatenated(low, high);
    case ListMerge::prepend: return concatenated(high, low);
    case ListMerge::append_new: return concatenated(without(low, high), high);
    case ListMerge::prepend_new: break;
  }
  return concatenated(high, without(low, high));
}

Dict merge(const Dict& low, const Dict& high, bool recursive, ListMerge lists) {
  Dict merged = low;
  for (const auto& [key, value] : high.pairs()) {
    const auto* old = merged.find(key);
    if (old != nullptr && recursive && old->dict() != nullptr && value.dict() != nullptr) {
      merged.set(key, Object(merge(*old->dict(), *value.dict(), recursive, lists)));
    } else if (old != nullptr && old->list() != nullptr && value.list() != nullptr) {
      merged.set(key, Object::list(merge_lists(*old->list(), *value.list(), lists)));
    } else {
      merged.set(key, value);
    }
  }
  return merged;
}

// Ansible lets maps and lists of maps mix: {..} | combine([{..}, {..}]).
void flatten_terms(Items& out, const Object& term) {
  if (const auto* items = term.items()) {
    out.insert(out.end(), items->begin(), items->end());
  } else {
    out.push_back(term);
  }
}

Result combine(Evaluator&, const Object& input, const Arguments& arguments) {
  bool recursive = false;
  auto lists = ListMerge::replace;
  for (const auto& [name, value] : arguments.named) {
    if (name == "recursive") {
      recursive = is_true(value);
    } else if (name == "list_merge" && value.text() != nullptr) {
      KONVOY_TRY(lists, list_merge_of(*value.text()));
    } else {
      return misuse(fmt::format("has no argument '{}'", name),
                    "its arguments with a name are: recursive, list_merge");
    }
  }
  Items terms;
  flatten_terms(terms, input);
  for (const auto& each : arguments.positional) flatten_terms(terms, each);
  Dict result;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    KONVOY_TRY(const auto keys, iterate(terms[i]));
    const auto* dict = terms[i].dict();
    if (dict == nullptr) return misuse(fmt::format("needs maps, not {}", terms[i].type_name()));
    result = i == 0 ? *dict : merge(result, *dict, recursive, lists);
  }
  return Object(std::move(result));
}

Outcome<const Dict*> dict_of(const Object& input) {
  if (const auto* dict = input.dict()) return dict;
  return misuse(fmt::format("needs a map, not {}", input.type_name()));
}

Result dict_to_items(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"key_name", "value_name"}));
  KONVOY_TRY(const auto key_name, bound.text(0, "key"));
  KONVOY_TRY(const auto value_name, bound.text(1, "value"));
  KONVOY_TRY(const auto* dict, dict_of(input));
  Items items;
  for (const auto& [key, value] : dict->pairs()) {
    Dict item;
    item.set(Object(key_name), key);
    item.set(Object(value_name), value);
    items.emplace_back(std::move(item));
  }
  return Object::list(std::move(items));
}

Result items_to_dict(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"key_name", "value_name"}));
  KONVOY_TRY(const auto key_name, bound.text(0, "key"));
  KONVOY_TRY(const auto value_name, bound.text(1, "value"));
  if (input.list() == nullptr)
    return misuse(fmt::format("needs a list, not {}", input.type_name()));
  Dict made;
  for (const auto& item : *input.list()) {
    const auto* dict = item.dict();
    const auto* key = dict == nullptr ? nullptr : dict->find_text(key_name);
    const auto* value = dict == nullptr ? nullptr : dict->find_text(value_name);
    if (key == nullptr || value == nullptr || !hash_of(*key)) {
      return misuse(fmt::format("needs maps with '{}' and '{}'", key_name, value_name));
    }
    made.set(*key, *value);
  }
  return Object(std::move(made));
}

Items pairs_of(const Dict& dict) {
  Items pairs;
  for (const auto& [key, value] : dict.pairs()) pairs.push_back(Object::tuple({key, value}));
  return pairs;
}

Result dictsort(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"case_sensitive", "by", "reverse"}));
  KONVOY_TRY(const auto by, bound.text(1, "key"));
  KONVOY_TRY(const auto* dict, dict_of(input));
  if (by != "key" && by != "value") return misuse("sorts by 'key' or by 'value'");
  std::vector<Object> keys;
  for (const auto& [key, value] : dict->pairs()) {
    const auto& chosen = by == "key" ? key : value;
    keys.push_back(bound.truth(0, false) ? chosen : without_case(chosen));
  }
  KONVOY_TRY(auto sorted, sort_by(pairs_of(*dict), keys, bound.truth(2, false)));
  return Object::list(std::move(sorted));
}

Result items(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(const auto* dict, dict_of(input));
  return Object::list(pairs_of(*dict));
}

Result extract(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"container", "morekeys"}, 1));
  KONVOY_TRY(auto part, item_of(*bound.find(0), input));
  if (!bound.has(1)) return part;
  if (const auto* keys = bound.find(1)->list()) {
    for (const auto& key : *keys) {
      KONVOY_TRY(part, item_of(part, key));
    }
    return part;
  }
  return item_of(part, *bound.find(1));
}

constexpr std::array filters = {
    Filter{"combine", combine},
    Filter{"dict2items", dict_to_items},
    Filter{"items2dict", items_to_dict},
    Filter{"dictsort", dictsort},
    Filter{"items", items},
    Filter{"extract", extract},
};

}  // namespace

std::span<const Filter> dict_filters() {
  return filters;
}

}  // namespace konvoy::templates
