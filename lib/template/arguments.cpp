#include "template/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace konvoy::templates {

bool Arguments::holds_secret() const {
  return std::ranges::any_of(positional, [](const Object& each) { return each.holds_secret(); }) ||
         std::ranges::any_of(named, [](const auto& each) { return each.second.holds_secret(); });
}

const Undefined* Arguments::first_undefined() const {
  for (const auto& each : positional) {
    if (const auto* missing = each.undefined()) return missing;
  }
  for (const auto& each : named) {
    if (const auto* missing = each.second.undefined()) return missing;
  }
  return nullptr;
}

Arguments Arguments::rest() const {
  Arguments out{.positional = {}, .named = named};
  if (positional.size() > 1) out.positional.assign(positional.begin() + 1, positional.end());
  return out;
}

bool Bound::truth(std::size_t index, bool fallback) const {
  return values_[index] == nullptr ? fallback : is_true(*values_[index]);
}

Outcome<std::string> Bound::text(std::size_t index, std::string_view fallback) const {
  if (values_[index] == nullptr) return std::string(fallback);
  if (const auto* text = values_[index]->text()) return *text;
  return misuse(fmt::format("expected text as argument {}, found {}", index + 1,
                            values_[index]->type_name()));
}

Outcome<std::int64_t> Bound::integer(std::size_t index, std::int64_t fallback) const {
  if (values_[index] == nullptr) return fallback;
  if (const auto number = values_[index]->as_integer()) return *number;
  return misuse(fmt::format("expected an integer as argument {}, found {}", index + 1,
                            values_[index]->type_name()));
}

Outcome<Bound> bind(const Arguments& arguments, std::initializer_list<std::string_view> parameters,
                    std::size_t required) {
  if (arguments.positional.size() > parameters.size()) {
    return misuse(fmt::format("takes at most {} arguments, {} were given", parameters.size(),
                              arguments.positional.size()));
  }
  std::vector<const Object*> values(parameters.size(), nullptr);
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    values[i] = &arguments.positional[i];
  }
  for (const auto& [name, value] : arguments.named) {
    const auto* found = std::ranges::find(parameters, name);
    if (found == parameters.end()) {
      return misuse(fmt::format("has no argument '{}'", name),
                    fmt::format("its arguments are: {}", fmt::join(parameters, ", ")));
    }
    auto& place = values[static_cast<std::size_t>(found - parameters.begin())];
    if (place != nullptr) return misuse(fmt::format("the argument '{}' is given twice", name));
    place = &value;
  }
  for (std::size_t i = 0; i < required; ++i) {
    if (values[i] == nullptr) {
      return misuse(fmt::format("needs the argument '{}'", *(parameters.begin() + i)));
    }
  }
  return Bound(std::move(values));
}

}  // namespace konvoy::templates
