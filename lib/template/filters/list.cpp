// Filters that take, order and cut lists.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "template/access.hpp"
#include "template/builtins.hpp"
#include "template/operators.hpp"
#include "template/python_text.hpp"
#include "template/selection.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

Object empty_sequence(std::string_view which) {
  return {Undefined{Failure(FailureKind::undefined,
                            fmt::format("the sequence is empty: it has no {} item", which))}};
}

Result first(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(const auto items, iterate(input));
  return items.empty() ? empty_sequence("first") : items.front();
}

Result last(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(const auto items, iterate(input));
  return items.empty() ? empty_sequence("last") : items.back();
}

Result length(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  const auto size = length_of(input);
  if (!size) return misuse(fmt::format("a {} has no length", input.type_name()));
  return Object::length(*size);
}

Result to_list(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(auto items, iterate(input));
  return Object::list(std::move(items));
}

Result reverse(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  if (input.text() != nullptr) return slice_of(input, {.start = {}, .stop = {}, .step = -1});
  KONVOY_TRY(auto items, iterate(input));
  std::ranges::reverse(items);
  return Object::list(std::move(items));
}

Result join(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"d", "attribute"}));
  KONVOY_TRY(const auto between,
             bound.has(0) ? str_text(*bound.find(0)) : Outcome<std::string>(std::string()));
  KONVOY_TRY(auto items, iterate(input));
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (bound.has(1)) {
      KONVOY_TRY(items[i], part_of(items[i], *bound.find(1)));
    }
    if (i != 0) out += between;
    KONVOY_TRY(const auto text, str_text(items[i]));
    out += text;
    if (out.size() > largest_text) return Failure(FailureKind::limit, "the text is too large");
  }
  return Object(std::move(out));
}

Result sort(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"reverse", "case_sensitive", "attribute"}));
  KONVOY_TRY(auto items, iterate(input));
  KONVOY_TRY(const auto keys, keys_of(items, bound.find(2), bound.truth(1, false)));
  KONVOY_TRY(auto sorted, sort_by(std::move(items), keys, bound.truth(0, false)));
  return Object::list(std::move(sorted));
}

template <bool largest>
Result extreme(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"case_sensitive", "attribute"}));
  KONVOY_TRY(const auto items, iterate(input));
  if (items.empty()) return empty_sequence(largest ? "largest" : "smallest");
  KONVOY_TRY(const auto keys, keys_of(items, bound.find(1), bound.truth(0, false)));
  std::size_t best = 0;
  for (std::size_t i = 1; i < items.size(); ++i) {
    KONVOY_TRY(const bool better,
               largest ? is_less(keys[best], keys[i]) : is_less(keys[i], keys[best]));
    if (better) best = i;
  }
  return items[best];
}

Result sum(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"attribute", "start"}));
  KONVOY_TRY(const auto items, iterate(input));
  auto total = bound.has(1) ? *bound.find(1) : Object(std::int64_t{0});
  for (const auto& item : items) {
    auto part = item;
    if (bound.has(0)) {
      KONVOY_TRY(part, part_of(item, *bound.find(0)));
    }
    if (const auto* missing = part.undefined()) return missing->failure;
    KONVOY_TRY(total, compute(BinaryOp::add, total, part));
  }
  return total;
}

Result batch(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"linecount", "fill_with"}, 1));
  KONVOY_TRY(const auto items, iterate(input));
  KONVOY_TRY(const auto size, bound.integer(0, 1));
  if (size < 1) return misuse("needs a size of at least 1");
  if (size > static_cast<std::int64_t>(Budget::most_items)) return misuse("the size is too large");
  Items batches;
  Items batch;
  for (const auto& item : items) {
    batch.push_back(item);
    if (static_cast<std::int64_t>(batch.size()) < size) continue;
    batches.push_back(Object::list(std::exchange(batch, {})));
  }
  if (!batch.empty()) {
    while (bound.has(1) && static_cast<std::int64_t>(batch.size()) < size) {
      batch.push_back(*bound.find(1));
    }
    batches.push_back(Object::list(std::move(batch)));
  }
  return Object::list(std::move(batches));
}

Result slice(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"slices", "fill_with"}, 1));
  KONVOY_TRY(const auto items, iterate(input));
  KONVOY_TRY(const auto slices, bound.integer(0, 1));
  if (slices < 1 || slices > static_cast<std::int64_t>(Budget::most_items)) {
    return misuse("needs a number of slices of at least 1");
  }
  const auto count = static_cast<std::size_t>(slices);
  const auto longer = items.size() % count;
  Items out;
  auto at = items.begin();
  for (std::size_t i = 0; i < count; ++i) {
    const auto size = items.size() / count + (i < longer ? 1 : 0);
    const auto end = at + static_cast<std::ptrdiff_t>(size);
    Items part(at, end);
    if (bound.has(1) && longer != 0 && i >= longer) part.push_back(*bound.find(1));
    out.push_back(Object::list(std::move(part)));
    at = end;
  }
  return Object::list(std::move(out));
}

void flatten_into(Items& out, const Items& items, std::int64_t levels, bool skip_nulls) {
  for (const auto& item : items) {
    const bool null = item.is_none() || (item.text() != nullptr &&
                                         (*item.text() == "None" || *item.text() == "null"));
    if (skip_nulls && null) continue;
    if (item.items() != nullptr && levels != 0) {
      flatten_into(out, *item.items(), levels - 1, skip_nulls);
    } else {
      out.push_back(item);
    }
  }
}

Result flatten(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"levels", "skip_nulls"}));
  KONVOY_TRY(const auto items, iterate(input));
  KONVOY_TRY(const auto levels, bound.has(0) ? bound.integer(0, -1) : Outcome<std::int64_t>(-1));
  Items out;
  flatten_into(out, items, levels, bound.truth(1, true));
  return Object::list(std::move(out));
}

// Ansible's zip gives tuples, which a template's end turns into lists.
template <bool longest>
Result zip(Evaluator&, const Object& input, const Arguments& arguments) {
  Object filler;
  for (const auto& [name, value] : arguments.named) {
    if (!longest || name != "fillvalue") return misuse(fmt::format("has no argument '{}'", name));
    filler = value;
  }
  std::vector<Items> columns;
  KONVOY_TRY(auto own, iterate(input));
  columns.push_back(std::move(own));
  for (const auto& each : arguments.positional) {
    KONVOY_TRY(auto other, iterate(each));
    columns.push_back(std::move(other));
  }
  const auto size = longest ? std::ranges::max(columns, {}, &Items::size).size()
                            : std::ranges::min(columns, {}, &Items::size).size();
  Items rows;
  for (std::size_t i = 0; i < size; ++i) {
    Items row;
    for (const auto& column : columns) row.push_back(i < column.size() ? column[i] : filler);
    rows.push_back(Object::tuple(std::move(row)));
  }
  return Object::list(std::move(rows));
}

constexpr std::array filters = {
    Filter{"first", first},
    Filter{"last", last},
    Filter{"length", length},
    Filter{"count", length},
    Filter{"list", to_list},
    Filter{"reverse", reverse},
    Filter{"join", join},
    Filter{"sort", sort},
    Filter{"min", extreme<false>},
    Filter{"max", extreme<true>},
    Filter{"sum", sum},
    Filter{"batch", batch},
    Filter{"slice", slice},
    Filter{"flatten", flatten},
    Filter{"zip", zip<false>},
    Filter{"zip_longest", zip<true>},
};

}  // namespace

std::span<const Filter> list_filters() {
  return filters;
}

}  // namespace konvoy::templates
