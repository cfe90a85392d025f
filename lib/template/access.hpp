// `a.b`, `a[b]` and `a[b:c:d]` as Jinja2 finds them.
#pragma once

#include <optional>
#include <string>

#include "template/object.hpp"

namespace konvoy::templates {

/// Attribute first (a method of the type), then item. Undefined when there is neither; what is
/// taken from an undefined object is that same undefined object.
[[nodiscard]] Object attribute_of(const Object& object, const std::string& name);
/// Item first, then attribute.
[[nodiscard]] Outcome<Object> item_of(const Object& object, const Object& index);

struct SliceBounds {
  std::optional<std::int64_t> start;
  std::optional<std::int64_t> stop;
  std::optional<std::int64_t> step;
};
/// Part of a text, list or tuple. Fails on a step of 0 and on an object of another kind.
[[nodiscard]] Outcome<Object> slice_of(const Object& object, const SliceBounds& bounds);

/// Python's iteration: items of a list or tuple, keys of a dict, characters of a text.
[[nodiscard]] Outcome<Items> iterate(const Object& object);
/// Python's len(); nothing for what has none.
[[nodiscard]] std::optional<std::size_t> length_of(const Object& object);

/// An undefined object for `name`, which `owner` lacks; close keys of a map are in its hint.
[[nodiscard]] Object missing_item(const Object& owner, const std::string& name);

}  // namespace konvoy::templates
