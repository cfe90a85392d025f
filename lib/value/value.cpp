#include "value/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/encoding.hpp"
#include "base/secret.hpp"

namespace konvoy::value {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::null: return "null";
    case Kind::boolean: return "boolean";
    case Kind::integer: return "integer";
    case Kind::floating: return "number";
    case Kind::string: return "text";
    case Kind::list: return "list";
    case Kind::map: break;
  }
  return "map";
}

namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

// Below this many keys a walk through them is as fast as a table, and needs no memory.
constexpr std::size_t indexed_from = 12;

}  // namespace

struct Map::Index {
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> places;
};

Map::Map() = default;
Map::Map(Map&&) noexcept = default;
Map& Map::operator=(Map&&) noexcept = default;
Map::~Map() = default;

Map::Map(const Map& other)
    : entries_(other.entries_),
      index_(other.index_ ? std::make_unique<Index>(*other.index_) : nullptr) {}

Map& Map::operator=(const Map& other) {
  if (this != &other) *this = Map(other);
  return *this;
}

Map::Map(std::vector<Entry> entries) {
  entries_.reserve(entries.size());
  for (auto& entry : entries) set(std::move(entry));
}

const Entry* Map::find_entry(std::string_view key) const {
  if (index_) {
    const auto found = index_->places.find(key);
    return found == index_->places.end() ? nullptr : &entries_[found->second];
  }
  const auto found = std::ranges::find(entries_, key, &Entry::key);
  return found == entries_.end() ? nullptr : &*found;
}

const Value* Map::find(std::string_view key) const {
  const auto* entry = find_entry(key);
  return entry == nullptr ? nullptr : &entry->value;
}

void Map::set(Entry entry) {
  if (const auto* old = find_entry(entry.key)) {
    entries_[static_cast<std::size_t>(old - entries_.data())] = std::move(entry);
    return;
  }
  if (index_) index_->places.emplace(entry.key, entries_.size());
  entries_.push_back(std::move(entry));
  if (!index_ && entries_.size() >= indexed_from) {
    index_ = std::make_unique<Index>();
    for (std::size_t i = 0; i < entries_.size(); ++i) index_->places.emplace(entries_[i].key, i);
  }
}

void Map::set(std::string key, Value value) {
  set(Entry{.key = std::move(key), .value = std::move(value)});
}

bool operator==(const Map& a, const Map& b) {
  return a.size() == b.size() && std::ranges::all_of(a.entries_, [&](const Entry& entry) {
           const auto* other = b.find(entry.key);
           return other != nullptr && *other == entry.value;
         });
}

Value Value::make(Content content, Origin origin) {
  return Value(std::make_shared<const Node>(Node{std::move(content), std::move(origin)}));
}

Value::Value() {
  static const auto null_node = std::make_shared<const Node>(Node{nullptr, {}});
  node_ = null_node;
}
Value::Value(std::nullptr_t, Origin origin) : Value(make(nullptr, std::move(origin))) {}
Value::Value(bool boolean, Origin origin) : Value(make(boolean, std::move(origin))) {}
Value::Value(std::int64_t integer, Origin origin) : Value(make(integer, std::move(origin))) {}
Value::Value(int integer, Origin origin) : Value(std::int64_t{integer}, std::move(origin)) {}
Value::Value(double number, Origin origin) : Value(make(number, std::move(origin))) {}
Value::Value(std::string text, Origin origin) : Value(make(std::move(text), std::move(origin))) {}
Value::Value(std::string_view text, Origin origin) : Value(std::string(text), std::move(origin)) {}
Value::Value(const char* text, Origin origin) : Value(std::string(text), std::move(origin)) {}
Value::Value(List items, Origin origin) : Value(make(std::move(items), std::move(origin))) {}
Value::Value(Map map, Origin origin) : Value(make(std::move(map), std::move(origin))) {}

// The alternatives of Content stand in the order of Kind.
Kind Value::kind() const {
  return static_cast<Kind>(node_->content.index());
}

const bool* Value::boolean() const {
  return std::get_if<bool>(&node_->content);
}
const std::int64_t* Value::integer() const {
  return std::get_if<std::int64_t>(&node_->content);
}
const double* Value::floating() const {
  return std::get_if<double>(&node_->content);
}
const std::string* Value::string() const {
  return std::get_if<std::string>(&node_->content);
}
const List* Value::list() const {
  return std::get_if<List>(&node_->content);
}
const Map* Value::map() const {
  return std::get_if<Map>(&node_->content);
}
const Origin& Value::origin() const {
  return node_->origin;
}

const Value* Value::at_path(std::string_view dotted_path) const {
  const Value* here = this;
  while (here != nullptr) {
    const auto* entries = here->map();
    if (entries == nullptr) return nullptr;
    const auto dot = dotted_path.find('.');
    here = entries->find(dotted_path.substr(0, dot));
    if (dot == std::string_view::npos) return here;
    dotted_path.remove_prefix(dot + 1);
  }
  return nullptr;
}

bool Value::holds_secret() const {
  if (is_secret()) return true;
  if (const auto* items = list()) return std::ranges::any_of(*items, &Value::holds_secret);
  if (const auto* entries = map()) {
    return std::ranges::any_of(entries->entries(),
                               [](const Entry& entry) { return entry.value.holds_secret(); });
  }
  return false;
}

Value Value::with_origin(Origin origin) const {
  return make(node_->content, std::move(origin));
}

Value Value::as_secret() const {
  Origin origin = node_->origin;
  origin.secret = true;
  if (const auto* items = list()) {
    List secret_items;
    for (const auto& item : *items) secret_items.push_back(item.as_secret());
    return {std::move(secret_items), std::move(origin)};
  }
  if (const auto* entries = map()) {
    Map secret_map;
    for (auto entry : entries->entries()) {
      entry.value = entry.value.as_secret();
      secret_map.set(std::move(entry));
    }
    return {std::move(secret_map), std::move(origin)};
  }
  return with_origin(std::move(origin));
}

bool operator==(const Value& a, const Value& b) {
  return a.node_ == b.node_ || a.node_->content == b.node_->content;
}

namespace {

std::string display_nested(const Value& value) {
  return value.is_string() && !value.is_secret() ? base::json_quote(*value.string())
                                                 : to_display(value);
}

}  // namespace

std::string to_display(const Value& value) {
  if (value.is_secret()) return std::string(base::masked);
  switch (value.kind()) {
    case Kind::null: return "null";
    case Kind::boolean: return *value.boolean() ? "true" : "false";
    case Kind::integer: return fmt::format("{}", *value.integer());
    case Kind::floating: return fmt::format("{}", *value.floating());
    case Kind::string: return *value.string();
    case Kind::list: {
      std::vector<std::string> items;
      for (const auto& item : *value.list()) items.push_back(display_nested(item));
      return fmt::format("[{}]", fmt::join(items, ", "));
    }
    case Kind::map: break;
  }
  std::vector<std::string> items;
  for (const auto& entry : value.map()->entries()) {
    items.push_back(
        fmt::format("{}: {}", base::json_quote(entry.key), display_nested(entry.value)));
  }
  return fmt::format("{{{}}}", fmt::join(items, ", "));
}

}  // namespace konvoy::value
