#include "template/object.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace konvoy::templates {
namespace {

// Below this many keys a walk through them is as fast as a table, and needs no memory.
constexpr std::size_t indexed_from = 12;

bool same_items(const Items& a, const Items& b) {
  return std::ranges::equal(a, b, [](const Object& x, const Object& y) { return equals(x, y); });
}

bool same_pairs(const Dict& a, const Dict& b) {
  if (a.size() != b.size()) return false;
  return std::ranges::all_of(a.pairs(), [&b](const Dict::Pair& pair) {
    const auto* other = b.find(pair.first);
    return other != nullptr && equals(pair.second, *other);
  });
}

}  // namespace

Object::Object() = default;
Object::Object(bool boolean) : data_(boolean) {}
Object::Object(std::int64_t integer) : data_(integer) {}
Object::Object(double number) : data_(number) {}
Object::Object(std::string text) : data_(std::make_shared<const std::string>(std::move(text))) {}
Object::Object(std::string_view text) : Object(std::string(text)) {}
Object::Object(const char* text) : Object(std::string(text)) {}
Object::Object(Dict dict) : data_(std::make_shared<const Dict>(std::move(dict))) {}
Object::Object(Undefined undefined)
    : data_(std::make_shared<const Undefined>(std::move(undefined))) {}
Object::Object(BigInteger integer)
    : data_(std::make_shared<const BigInteger>(std::move(integer))) {}
Object::Object(Callable callable) : data_(std::make_shared<const Callable>(std::move(callable))) {}
Object::Object(NamespaceRef reference) : data_(reference) {}

Object::Sequence Object::sequence(Items items) {
  Sequence made;
  for (const auto& item : items) {
    made.holds_secret = made.holds_secret || item.holds_secret();
    made.depth = std::max(made.depth, item.depth() + 1);
  }
  made.items = std::move(items);
  return made;
}

Object Object::list(Items items) {
  Object made;
  made.data_ = std::make_shared<const List>(List{sequence(std::move(items))});
  return made;
}

Object Object::tuple(Items items) {
  Object made;
  made.data_ = std::make_shared<const Tuple>(Tuple{sequence(std::move(items))});
  return made;
}

const Object::Sequence* Object::as_sequence() const {
  if (const auto* held = std::get_if<std::shared_ptr<const List>>(&data_)) return held->get();
  const auto* held = std::get_if<std::shared_ptr<const Tuple>>(&data_);
  return held == nullptr ? nullptr : held->get();
}

const std::string* Object::text() const {
  const auto* held = std::get_if<std::shared_ptr<const std::string>>(&data_);
  return held == nullptr ? nullptr : held->get();
}
const Items* Object::list() const {
  const auto* held = std::get_if<std::shared_ptr<const List>>(&data_);
  return held == nullptr ? nullptr : &(*held)->items;
}
const Items* Object::tuple() const {
  const auto* held = std::get_if<std::shared_ptr<const Tuple>>(&data_);
  return held == nullptr ? nullptr : &(*held)->items;
}
const Items* Object::items() const {
  const auto* held = list();
  return held == nullptr ? tuple() : held;
}
const Dict* Object::dict() const {
  const auto* held = std::get_if<std::shared_ptr<const Dict>>(&data_);
  return held == nullptr ? nullptr : held->get();
}
const Undefined* Object::undefined() const {
  const auto* held = std::get_if<std::shared_ptr<const Undefined>>(&data_);
  return held == nullptr ? nullptr : held->get();
}
const BigInteger* Object::big_integer() const {
  const auto* held = std::get_if<std::shared_ptr<const BigInteger>>(&data_);
  return held == nullptr ? nullptr : held->get();
}
const Callable* Object::callable() const {
  const auto* held = std::get_if<std::shared_ptr<const Callable>>(&data_);
  return held == nullptr ? nullptr : held->get();
}

std::optional<std::int64_t> Object::as_integer() const {
  if (const auto* number = integer()) return *number;
  if (const auto* truth = boolean()) return *truth ? 1 : 0;
  return std::nullopt;
}

std::optional<double> Object::as_number() const {
  if (const auto* number = floating()) return *number;
  if (const auto whole = as_integer()) return static_cast<double>(*whole);
  return std::nullopt;
}

bool Object::holds_secret() const {
  if (secret_) return true;
  if (const auto* held = as_sequence()) return held->holds_secret;
  const auto* pairs = dict();
  return pairs != nullptr && pairs->holds_secret();
}

std::size_t Object::depth() const {
  if (const auto* held = as_sequence()) return held->depth;
  const auto* pairs = dict();
  return pairs == nullptr ? 0 : pairs->depth();
}

Object Object::with_secret(bool secret) const {
  Object copy = *this;
  copy.secret_ = secret;
  return copy;
}

Object Object::kept_as_text() const {
  Object copy = *this;
  copy.stays_text_ = true;
  return copy;
}

std::string_view Object::type_name() const {
  if (is_none()) return "none";
  if (boolean() != nullptr) return "boolean";
  if (integer() != nullptr || big_integer() != nullptr) return "integer";
  if (floating() != nullptr) return "number";
  if (text() != nullptr) return "text";
  if (list() != nullptr) return "list";
  if (tuple() != nullptr) return "tuple";
  if (dict() != nullptr) return "map";
  if (undefined() != nullptr) return "undefined";
  return callable() != nullptr ? "function" : "namespace";
}

std::string_view Object::python_type() const {
  if (is_none()) return "NoneType";
  if (boolean() != nullptr) return "bool";
  if (integer() != nullptr || big_integer() != nullptr) return "int";
  if (floating() != nullptr) return "float";
  if (text() != nullptr) return "str";
  if (list() != nullptr) return "list";
  if (tuple() != nullptr) return "tuple";
  if (dict() != nullptr) return "dict";
  if (undefined() != nullptr) return "AnsibleUndefined";
  return callable() != nullptr ? "method" : "Namespace";
}

bool is_true(const Object& object) {
  if (object.is_none() || object.undefined() != nullptr) return false;
  if (const auto number = object.as_number()) return *number != 0;
  if (const auto* text = object.text()) return !text->empty();
  if (const auto* items = object.items()) return !items->empty();
  if (const auto* dict = object.dict()) return dict->size() != 0;
  return true;
}

bool equals(const Object& a, const Object& b) {
  const auto whole_a = a.as_integer();
  const auto whole_b = b.as_integer();
  if (whole_a && whole_b) return *whole_a == *whole_b;
  const auto number_a = a.as_number();
  const auto number_b = b.as_number();
  if (number_a || number_b) return number_a && number_b && *number_a == *number_b;
  if (a.is_none() || b.is_none()) return a.is_none() && b.is_none();
  if (const auto* text = a.text()) return b.text() != nullptr && *text == *b.text();
  if (const auto* items = a.list()) return b.list() != nullptr && same_items(*items, *b.list());
  if (const auto* items = a.tuple()) return b.tuple() != nullptr && same_items(*items, *b.tuple());
  if (const auto* dict = a.dict()) return b.dict() != nullptr && same_pairs(*dict, *b.dict());
  if (const auto* big = a.big_integer()) {
    return b.big_integer() != nullptr && big->digits == b.big_integer()->digits;
  }
  return false;
}

std::optional<std::size_t> hash_of(const Object& object) {
  if (object.is_none()) return 0x9e3779b9U;
  if (const auto number = object.as_number()) return std::hash<double>{}(*number);
  if (const auto* text = object.text()) return std::hash<std::string>{}(*text);
  if (const auto* big = object.big_integer()) return std::hash<std::string>{}(big->digits);
  const auto* items = object.tuple();
  if (items == nullptr) return std::nullopt;
  std::size_t all = items->size();
  for (const auto& item : *items) {
    const auto one = hash_of(item);
    if (!one) return std::nullopt;
    all = all * 1000003U ^ *one;
  }
  return all;
}

std::size_t Dict::place_of(const Object& key) const {
  if (places_.empty()) {
    const auto found =
        std::ranges::find_if(pairs_, [&key](const Pair& pair) { return equals(pair.first, key); });
    return static_cast<std::size_t>(found - pairs_.begin());
  }
  const auto hash = hash_of(key);
  if (!hash) return pairs_.size();
  auto [from, to] = places_.equal_range(*hash);
  for (; from != to; ++from) {
    if (equals(pairs_[from->second].first, key)) return from->second;
  }
  return pairs_.size();
}

const Object* Dict::find(const Object& key) const {
  const auto place = place_of(key);
  return place == pairs_.size() ? nullptr : &pairs_[place].second;
}

const Object* Dict::find_text(std::string_view key) const {
  if (!places_.empty()) return find(Object(key));
  for (const auto& pair : pairs_) {
    if (const auto* text = pair.first.text(); text != nullptr && *text == key) return &pair.second;
  }
  return nullptr;
}

void Dict::set(Object key, Object value) {
  holds_secret_ = holds_secret_ || key.holds_secret() || value.holds_secret();
  depth_ = std::max({depth_, key.depth() + 1, value.depth() + 1});
  const auto place = place_of(key);
  if (place < pairs_.size()) {
    pairs_[place].second = std::move(value);
    return;
  }
  pairs_.emplace_back(std::move(key), std::move(value));
  if (pairs_.size() < indexed_from) return;
  if (places_.empty()) {
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      places_.emplace(hash_of(pairs_[i].first).value_or(0), i);
    }
  } else {
    places_.emplace(hash_of(pairs_.back().first).value_or(0), pairs_.size() - 1);
  }
}

}  // namespace konvoy::templates
