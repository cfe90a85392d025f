// Between the configuration's values and the engine's objects.
#pragma once

#include "template/object.hpp"
#include "value/value.hpp"

namespace konvoy::templates {

/// Secrets stay secret; keys that were numbers or booleans in their file are that again.
[[nodiscard]] Object to_object(const value::Value& value);

/// A key as it was before it became text.
[[nodiscard]] Object key_object(const value::Entry& entry);

/// Tuples become lists, keys text as Python writes them, integers beyond 64 bits text. `written` is
/// the configuration that `object` came from: what still has its shape has its places, everything
/// else the place of the template that made it. Fails on undefined objects and functions, and when
/// shared parts make the tree too large.
[[nodiscard]] Outcome<value::Value> to_value(const Object& object, const value::Value& written);

}  // namespace konvoy::templates
