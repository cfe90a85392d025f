// The values a filter, test, method or function is called with.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "template/object.hpp"

namespace konvoy::templates {

struct Arguments {
  std::vector<Object> positional;
  std::vector<std::pair<std::string, Object>> named;

  [[nodiscard]] bool empty() const { return positional.empty() && named.empty(); }
  [[nodiscard]] bool holds_secret() const;
  /// The first argument that is undefined, or null.
  [[nodiscard]] const Undefined* first_undefined() const;
  /// Without the first positional one.
  [[nodiscard]] Arguments rest() const;
};

/// Arguments put to the parameters of a callee, in their order; an argument not given is null.
class Bound {
 public:
  explicit Bound(std::vector<const Object*> values) : values_(std::move(values)) {}

  [[nodiscard]] const Object* find(std::size_t index) const { return values_[index]; }
  [[nodiscard]] bool has(std::size_t index) const {
    return values_[index] != nullptr && !values_[index]->is_none();
  }
  /// The argument as Python's truth, text or integer; `fallback` when it was not given.
  [[nodiscard]] bool truth(std::size_t index, bool fallback) const;
  [[nodiscard]] Outcome<std::string> text(std::size_t index, std::string_view fallback) const;
  [[nodiscard]] Outcome<std::int64_t> integer(std::size_t index, std::int64_t fallback) const;

 private:
  std::vector<const Object*> values_;
};

/// Binds `arguments` to `parameters`, of which the first `required` must be given. Fails on one
/// too many, an unknown name, a name given twice and one that is missing.
[[nodiscard]] Outcome<Bound> bind(const Arguments& arguments,
                                  std::initializer_list<std::string_view> parameters,
                                  std::size_t required = 0);

}  // namespace konvoy::templates
