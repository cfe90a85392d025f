#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "template/access.hpp"
#include "template/methods.hpp"
#include "template/python_text.hpp"

namespace konvoy::templates {
namespace {

using Result = Outcome<Object>;

Result keys(const Object& self, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  KONVOY_TRY(auto all, iterate(self));
  return Object::list(std::move(all));
}

Result values(const Object& self, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  Items all;
  for (const auto& pair : self.dict()->pairs()) all.push_back(pair.second);
  return Object::list(std::move(all));
}

Result items(const Object& self, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  Items all;
  for (const auto& [key, value] : self.dict()->pairs()) {
    all.push_back(Object::tuple({key, value}));
  }
  return Object::list(std::move(all));
}

Result get(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"key", "default"}, 1));
  const auto& key = *bound.find(0);
  if (const auto* missing = key.undefined()) return missing->failure;
  if (!hash_of(key)) return misuse(fmt::format("a {} cannot be a key", key.type_name()));
  if (const auto* found = self.dict()->find(key)) return *found;
  return bound.find(1) == nullptr ? Object() : *bound.find(1);
}

Result copy(const Object& self, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  return self;
}

Result count(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"value"}, 1));
  const auto number = std::ranges::count_if(
      *self.items(), [&bound](const Object& each) { return equals(each, *bound.find(0)); });
  return Object(static_cast<std::int64_t>(number));
}

Result index(const Object& self, const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"value"}, 1));
  const auto& all = *self.items();
  const auto found = std::ranges::find_if(
      all, [&bound](const Object& each) { return equals(each, *bound.find(0)); });
  if (found == all.end()) return misuse("the item to find is not in the list");
  return Object(static_cast<std::int64_t>(found - all.begin()));
}

Result bit_length(const Object& self, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  const auto value = self.as_integer().value_or(0);
  const auto magnitude =
      value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  return Object::length(static_cast<std::size_t>(std::bit_width(magnitude)));
}

Result is_integer(const Object& self, const Arguments& arguments) {
  KONVOY_CHECK(bind(arguments, {}));
  const auto number = *self.floating();
  return Object(number == static_cast<double>(static_cast<std::int64_t>(number)));
}

constexpr std::array dict_methods = {
    Method{"clear", nullptr},  Method{"copy", copy},       Method{"fromkeys", nullptr},
    Method{"get", get},        Method{"items", items},     Method{"keys", keys},
    Method{"pop", nullptr},    Method{"popitem", nullptr}, Method{"setdefault", nullptr},
    Method{"update", nullptr}, Method{"values", values},
};
constexpr std::array list_methods = {
    Method{"append", nullptr},  Method{"clear", nullptr},  Method{"copy", copy},
    Method{"count", count},     Method{"extend", nullptr}, Method{"index", index},
    Method{"insert", nullptr},  Method{"pop", nullptr},    Method{"remove", nullptr},
    Method{"reverse", nullptr}, Method{"sort", nullptr},
};
constexpr std::array tuple_methods = {Method{"count", count}, Method{"index", index}};
constexpr std::array integer_methods = {Method{"bit_length", bit_length},
                                        Method{"to_bytes", nullptr}};
constexpr std::array float_methods = {Method{"is_integer", is_integer}, Method{"hex", nullptr}};

template <std::size_t N>
const Method* in(const std::array<Method, N>& methods, std::string_view name) {
  const auto found = std::ranges::find(methods, name, &Method::name);
  return found == methods.end() ? nullptr : &*found;
}

const Method* find_method(const Object& self, std::string_view name) {
  return self.text() != nullptr ? find_text_method(name) : find_container_method(self, name);
}

}  // namespace

const Method* find_container_method(const Object& self, std::string_view name) {
  if (self.dict() != nullptr) return in(dict_methods, name);
  if (self.list() != nullptr) return in(list_methods, name);
  if (self.tuple() != nullptr) return in(tuple_methods, name);
  if (self.floating() != nullptr) return in(float_methods, name);
  return self.as_integer() ? in(integer_methods, name) : nullptr;
}

bool has_method(const Object& object, std::string_view name) {
  return find_method(object, name) != nullptr;
}

Outcome<Object> call_method(const Object& self, const std::string& name,
                            const Arguments& arguments) {
  const auto* method = find_method(self, name);
  if (method == nullptr || method->apply == nullptr) {
    return Failure(FailureKind::unsupported,
                   fmt::format("the method '{}' of a {} is not supported", name, self.type_name()));
  }
  auto result = method->apply(self, arguments);
  if (result || result.error().kind() != FailureKind::runtime) return result;
  auto diagnostic = result.error().diagnostic();
  diagnostic.message = fmt::format("method '{}': {}", name, diagnostic.message);
  return result.error().with(std::move(diagnostic));
}

}  // namespace konvoy::templates
