// Filters that treat lists as sets; the order of the first list is kept.
#include <array>

#include "template/access.hpp"
#include "template/builtins.hpp"
#include "template/selection.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

bool holds(const Items& items, const Object& item) {
  for (const auto& each : items) {
    if (equals(each, item)) return true;
  }
  return false;
}

// The items of `from` that are (or are not) in `in`, each once.
Outcome<Items> filtered(Evaluator& evaluator, const Items& from, const Items& in, bool wanted) {
  KONVOY_CHECK(evaluator.charge(from.size() * in.size() / 4));
  Items out;
  for (const auto& item : from) {
    if (holds(in, item) == wanted) out.push_back(item);
  }
  return first_of_each(out, out);
}

struct Pair {
  Items left;
  Items right;
};

Outcome<Pair> both(const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"other"}, 1));
  Pair pair;
  KONVOY_TRY(pair.left, iterate(input));
  KONVOY_TRY(pair.right, iterate(*bound.find(0)));
  return pair;
}

Items joined(const Items& a, const Items& b) {
  Items all = a;
  all.insert(all.end(), b.begin(), b.end());
  return first_of_each(all, all);
}

Result unite(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto pair, both(input, arguments));
  return Object::list(joined(pair.left, pair.right));
}

template <bool wanted>
Result keep(Evaluator& evaluator, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto pair, both(input, arguments));
  KONVOY_TRY(auto kept, filtered(evaluator, pair.left, pair.right, wanted));
  return Object::list(std::move(kept));
}

Result symmetric_difference(Evaluator& evaluator, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto pair, both(input, arguments));
  KONVOY_TRY(const auto common, filtered(evaluator, pair.left, pair.right, true));
  KONVOY_TRY(auto rest, filtered(evaluator, joined(pair.left, pair.right), common, false));
  return Object::list(std::move(rest));
}

Result unique(Evaluator&, const Object& input, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"case_sensitive", "attribute"}));
  KONVOY_TRY(const auto items, iterate(input));
  KONVOY_TRY(const auto keys, keys_of(items, bound.find(1), bound.truth(0, false)));
  return Object::list(first_of_each(items, keys));
}

constexpr std::array filters = {
    Filter{"union", unite},
    Filter{"intersect", keep<true>},
    Filter{"difference", keep<false>},
    Filter{"symmetric_difference", symmetric_difference},
    Filter{"unique", unique},
};

}  // namespace

std::span<const Filter> set_filters() {
  return filters;
}

}  // namespace konvoy::templates
