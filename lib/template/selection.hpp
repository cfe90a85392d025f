// What several filters of lists share: attributes of items, orders and equality without case.
#pragma once

#include <string>
#include <vector>

#include "template/evaluator.hpp"

namespace konvoy::templates {

/// The part of `item` under "a.b.0"; undefined when there is none. `path` is text or an integer.
[[nodiscard]] Outcome<Object> part_of(const Object& item, const Object& path);

/// `item`, or its lower-case text when it is one: how Jinja2 compares where case does not count.
[[nodiscard]] Object without_case(const Object& item);

/// Sorts stably by keys[i] of items[i]. Fails when two keys have no order.
[[nodiscard]] Outcome<Items> sort_by(Items items, const std::vector<Object>& keys, bool reverse);

/// The items whose keys stand for the first time, in order.
[[nodiscard]] Items first_of_each(const Items& items, const std::vector<Object>& keys);

/// A key per item: its part under `attribute` (null: itself), without case unless `case_counts`.
[[nodiscard]] Outcome<std::vector<Object>> keys_of(const Items& items, const Object* attribute,
                                                   bool case_counts);

}  // namespace konvoy::templates
