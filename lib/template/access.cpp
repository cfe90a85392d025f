#include "template/access.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.hpp"
#include "template/methods.hpp"
#include "template/python_text.hpp"
#include "template/unicode.hpp"

namespace konvoy::templates {
namespace {

// Looking for close names costs time for each `x.y | default(z)`: not in huge maps.
constexpr std::size_t most_suggested_from = 100;

std::string close_keys(const Dict& dict, const std::string& name) {
  if (dict.size() > most_suggested_from) return {};
  std::vector<std::string> keys;
  for (const auto& pair : dict.pairs()) {
    if (const auto* key = pair.first.text()) keys.push_back(*key);
  }
  return base::did_you_mean(name, keys);
}

// The place of a negative or positive index, where it is inside.
std::optional<std::size_t> place_of(std::int64_t index, std::size_t size) {
  if (index < 0) index += static_cast<std::int64_t>(size);
  if (index < 0 || index >= static_cast<std::int64_t>(size)) return std::nullopt;
  return static_cast<std::size_t>(index);
}

std::optional<Object> indexed(const Object& object, std::int64_t index) {
  if (const auto* items = object.items()) {
    const auto place = place_of(index, items->size());
    return place ? std::optional<Object>((*items)[*place]) : std::nullopt;
  }
  if (const auto* text = object.text()) {
    const auto all = characters(*text);
    const auto place = place_of(index, all.size());
    return place ? std::optional<Object>(Object(all[*place])) : std::nullopt;
  }
  return std::nullopt;
}

Object with_secret_of(Object object, const Object& owner) {
  return owner.secret() ? object.with_secret(true) : object;
}

// The places a slice visits, as Python's slice.indices() gives them.
std::vector<std::size_t> places(const SliceBounds& bounds, std::size_t size) {
  const auto count = static_cast<std::int64_t>(size);
  const auto step = bounds.step.value_or(1);
  const auto clamp = [count, step](std::int64_t at) {
    if (at < 0) at = at < -count ? -1 : at + count;
    return step > 0 ? std::clamp<std::int64_t>(at, 0, count)
                    : std::clamp<std::int64_t>(at, -1, count - 1);
  };
  const auto start = bounds.start ? clamp(*bounds.start) : (step > 0 ? 0 : count - 1);
  const auto stop = bounds.stop ? clamp(*bounds.stop) : (step > 0 ? count : -1);
  std::vector<std::size_t> out;
  for (auto at = start; step > 0 ? at < stop : at > stop;) {
    out.push_back(static_cast<std::size_t>(at));
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return out;
}

}  // namespace

Object missing_item(const Object& owner, const std::string& name) {
  std::string hint;
  if (const auto* dict = owner.dict()) hint = close_keys(*dict, name);
  auto message = owner.dict() != nullptr
                     ? fmt::format("this map has no key '{}'", name)
                     : fmt::format("a {} has no attribute '{}'", owner.type_name(), name);
  return {Undefined{Failure(FailureKind::undefined, std::move(message), std::move(hint))}};
}

Object attribute_of(const Object& object, const std::string& name) {
  if (object.undefined() != nullptr) return object;
  if (has_method(object, name)) {
    return {Callable{Callable::What::method, name, std::make_shared<const Object>(object)}};
  }
  if (const auto* dict = object.dict()) {
    if (const auto* found = dict->find_text(name)) return with_secret_of(*found, object);
  }
  return missing_item(object, name);
}

Outcome<Object> item_of(const Object& object, const Object& index) {
  if (object.undefined() != nullptr) return object;
  if (const auto* missing = index.undefined()) return missing->failure;
  if (const auto* dict = object.dict()) {
    if (const auto* found = dict->find(index)) return with_secret_of(*found, object);
  } else if (const auto at = index.as_integer()) {
    if (auto found = indexed(object, *at)) return with_secret_of(std::move(*found), object);
    if (const auto size = length_of(object)) {
      return Object(
          Undefined{Failure(FailureKind::undefined, fmt::format("this {} has no item {}; it has {}",
                                                                object.type_name(), *at, *size))});
    }
  }
  if (const auto* name = index.text()) {
    if (has_method(object, *name)) return attribute_of(object, *name);
  }
  return missing_item(object, shown(index));
}

Outcome<Object> slice_of(const Object& object, const SliceBounds& bounds) {
  if (bounds.step == 0) return misuse("a slice cannot have the step 0");
  if (const auto* text = object.text()) {
    const auto all = characters(*text);
    std::string out;
    for (const auto place : places(bounds, all.size())) out += all[place];
    return with_secret_of(Object(std::move(out)), object);
  }
  if (const auto* items = object.items()) {
    Items out;
    for (const auto place : places(bounds, items->size())) out.push_back((*items)[place]);
    auto part =
        object.list() != nullptr ? Object::list(std::move(out)) : Object::tuple(std::move(out));
    return with_secret_of(std::move(part), object);
  }
  return misuse(fmt::format("a {} cannot be sliced", object.type_name()),
                object.as_number() ? "make it a text first: '| string'" : "");
}

Outcome<Items> iterate(const Object& object) {
  if (const auto* missing = object.undefined()) return missing->failure;
  Items out;
  if (const auto* items = object.items()) {
    out = *items;
  } else if (const auto* dict = object.dict()) {
    for (const auto& pair : dict->pairs()) out.push_back(pair.first);
  } else if (const auto* text = object.text()) {
    for (const auto character : characters(*text)) out.emplace_back(character);
  } else {
    return misuse(fmt::format("a {} has no items to go through", object.type_name()));
  }
  if (object.secret()) {
    for (auto& item : out) item = item.with_secret(true);
  }
  return out;
}

std::optional<std::size_t> length_of(const Object& object) {
  if (const auto* items = object.items()) return items->size();
  if (const auto* dict = object.dict()) return dict->size();
  if (const auto* text = object.text()) return code_points(*text);
  return std::nullopt;
}

}  // namespace konvoy::templates
