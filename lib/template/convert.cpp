#include "template/convert.hpp"

#include <fmt/format.h>

#include "template/python_text.hpp"

namespace konvoy::templates {
namespace {

// Parts may be shared: a small object can unfold to a huge tree.
constexpr std::size_t most_values = 1'000'000;

value::Kind kind_of_key(const Object& key) {
  if (key.boolean() != nullptr) return value::Kind::boolean;
  if (key.integer() != nullptr) return value::Kind::integer;
  if (key.floating() != nullptr) return value::Kind::floating;
  return key.is_none() ? value::Kind::null : value::Kind::string;
}

class Converter {
 public:
  Outcome<value::Value> convert(const Object& object, const value::Value& written, bool secret) {
    if (++values_ > most_values) {
      return Failure(FailureKind::limit,
                     fmt::format("the result has more than {} values", most_values));
    }
    auto origin = written.origin();
    origin.secret = secret || object.secret();
    if (const auto* missing = object.undefined()) return missing->failure;
    if (object.is_none()) return value::Value(nullptr, origin);
    if (const auto* truth = object.boolean()) return value::Value(*truth, origin);
    if (const auto* integer = object.integer()) return value::Value(*integer, origin);
    if (const auto* number = object.floating()) return value::Value(*number, origin);
    if (const auto* text = object.text()) return value::Value(*text, origin);
    if (const auto* big = object.big_integer()) return value::Value(big->digits, origin);
    if (const auto* items = object.items()) return list(*items, written, std::move(origin));
    if (const auto* dict = object.dict()) return map(*dict, written, std::move(origin));
    return misuse(fmt::format("a {} cannot be part of a configuration", object.type_name()));
  }

 private:
  Outcome<value::Value> list(const Items& items, const value::Value& written,
                             value::Origin origin) {
    const auto* old = written.list();
    const bool same_shape = old != nullptr && old->size() == items.size();
    value::List out;
    out.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      KONVOY_TRY(auto item, convert(items[i], same_shape ? (*old)[i] : written, origin.secret));
      out.push_back(std::move(item));
    }
    return value::Value(std::move(out), std::move(origin));
  }

  Outcome<value::Value> map(const Dict& dict, const value::Value& written, value::Origin origin) {
    const auto* old = written.map();
    value::Map out;
    for (const auto& [key, item] : dict.pairs()) {
      KONVOY_TRY(auto name, str_text(key));
      const auto* entry = old == nullptr ? nullptr : old->find_entry(name);
      KONVOY_TRY(auto converted,
                 convert(item, entry == nullptr ? written : entry->value, origin.secret));
      out.set({.key = std::move(name),
               .value = std::move(converted),
               .key_span = entry == nullptr ? origin.span : entry->key_span,
               .key_kind = kind_of_key(key)});
    }
    return value::Value(std::move(out), std::move(origin));
  }

  std::size_t values_ = 0;
};

}  // namespace

Object key_object(const value::Entry& entry) {
  switch (entry.key_kind) {
    case value::Kind::integer: return parse_integer(entry.key).value_or(Object(entry.key));
    case value::Kind::boolean: return {entry.key == "true"};
    case value::Kind::null: return {};
    case value::Kind::floating: {
      const auto number = parse_float(entry.key);
      return number ? Object(*number) : Object(entry.key);
    }
    default: return {entry.key};
  }
}

Object to_object(const value::Value& value) {
  Object object;
  if (const auto* truth = value.boolean()) {
    object = Object(*truth);
  } else if (const auto* integer = value.integer()) {
    object = Object(*integer);
  } else if (const auto* number = value.floating()) {
    object = Object(*number);
  } else if (const auto* text = value.string()) {
    object = Object(*text);
  } else if (const auto* list = value.list()) {
    Items items;
    items.reserve(list->size());
    for (const auto& item : *list) items.push_back(to_object(item));
    object = Object::list(std::move(items));
  } else if (const auto* map = value.map()) {
    Dict dict;
    for (const auto& entry : map->entries()) dict.set(key_object(entry), to_object(entry.value));
    object = Object(std::move(dict));
  }
  return value.is_secret() ? object.with_secret(true) : object;
}

Outcome<value::Value> to_value(const Object& object, const value::Value& written) {
  return Converter().convert(object, written, written.is_secret());
}

}  // namespace konvoy::templates
