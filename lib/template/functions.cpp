#include "template/functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "template/access.hpp"

namespace konvoy::templates {
namespace {

constexpr std::array<std::string_view, 11> functions = {"lookup", "query",     "q",     "range",
                                                        "dict",   "namespace", "now",   "undef",
                                                        "lipsum", "cycler",    "joiner"};

Outcome<Object> range(const Arguments& arguments) {
  KONVOY_TRY(const auto bound, bind(arguments, {"start", "stop", "step"}, 1));
  KONVOY_TRY(const auto first, bound.integer(0, 0));
  const bool alone = bound.find(1) == nullptr;
  KONVOY_TRY(const auto stop, bound.integer(1, first));
  KONVOY_TRY(const auto step, bound.integer(2, 1));
  if (step == 0) return misuse("'range' cannot have the step 0");
  Items items;
  for (std::int64_t at = alone ? 0 : first; step > 0 ? at < stop : at > stop;) {
    if (items.size() == Budget::most_items) {
      return Failure(FailureKind::limit,
                     fmt::format("'range' gives more than {} items", Budget::most_items));
    }
    items.emplace_back(at);
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return Object::list(std::move(items));
}

Outcome<Object> dict(const Arguments& arguments) {
  Dict made;
  if (!arguments.positional.empty()) {
    const auto& from = arguments.positional.front();
    if (const auto* other = from.dict()) {
      made = *other;
    } else {
      KONVOY_TRY(const auto pairs, iterate(from));
      for (const auto& pair : pairs) {
        const auto* parts = pair.items();
        if (parts == nullptr || parts->size() != 2 || !hash_of(parts->front())) {
          return misuse("'dict' needs pairs of a key and a value");
        }
        made.set((*parts)[0], (*parts)[1]);
      }
    }
  }
  for (const auto& [name, value] : arguments.named) made.set(name, value);
  return Object(std::move(made));
}

Outcome<Object> environment_of(Evaluator& evaluator, const Arguments& arguments, bool list) {
  const Object* fallback = nullptr;
  for (const auto& [name, value] : arguments.named) {
    if (name == "default") fallback = &value;
  }
  Items values;
  for (const auto& name : arguments.positional) {
    if (name.text() == nullptr) return misuse("the name of an environment variable is a text");
    const auto value = evaluator.names().environment(*name.text());
    const bool hidden = base::names_a_secret(base::to_lower(*name.text()));
    values.push_back(value.empty() && fallback != nullptr ? *fallback
                                                          : Object(value).with_secret(hidden));
  }
  if (list) return Object::list(std::move(values));
  std::string joined;
  bool secret = false;
  for (const auto& value : values) {
    if (values.size() == 1) return value;
    if (value.text() != nullptr) joined += (joined.empty() ? "" : ",") + *value.text();
    secret = secret || value.secret();
  }
  return Object(std::move(joined)).with_secret(secret);
}

Outcome<Object> variables_of(Evaluator& evaluator, const Arguments& arguments, bool list) {
  const Object* fallback = nullptr;
  for (const auto& [name, value] : arguments.named) {
    if (name == "default") fallback = &value;
  }
  Items values;
  for (const auto& name : arguments.positional) {
    if (name.text() == nullptr) return misuse("the name of a variable is a text");
    KONVOY_TRY(auto found, evaluator.names().find(*name.text()));
    if (!found && fallback != nullptr) found = *fallback;
    if (!found) {
      return Failure(FailureKind::undefined, fmt::format("'{}' is undefined", *name.text()))
          .with_missing_name(*name.text());
    }
    if (const auto* missing = found->undefined()) return missing->failure;
    values.push_back(std::move(*found));
  }
  return list || values.size() != 1 ? Object::list(std::move(values)) : values.front();
}

Outcome<Object> lookup(Evaluator& evaluator, const Arguments& all, bool list) {
  if (all.positional.empty() || all.positional.front().text() == nullptr) {
    return misuse("'lookup' needs the name of a plugin", "as in lookup('env', 'HOME')");
  }
  auto name = *all.positional.front().text();
  if (name.starts_with("ansible.builtin."))
    name.erase(0, std::string_view("ansible.builtin.").size());
  auto arguments = all.rest();
  for (auto& each : arguments.positional) {
    KONVOY_TRY(each, evaluator.names().render_text(each));
  }
  for (const auto& [key, value] : arguments.named) {
    if (key == "wantlist") list = list || is_true(value);
  }
  if (name == "env") return environment_of(evaluator, arguments, list);
  if (name == "vars") return variables_of(evaluator, arguments, list);
  return Failure(FailureKind::unsupported, fmt::format("the lookup '{}' is not supported", name),
                 "only lookup('env', ...) and lookup('vars', ...) are; give the value with "
                 "--extra-vars instead");
}

}  // namespace

bool is_function(std::string_view name) {
  return std::ranges::find(functions, name) != functions.end();
}

Outcome<Object> call_function(Evaluator& evaluator, std::string_view name,
                              const Arguments& arguments) {
  if (const auto* missing = arguments.first_undefined()) return missing->failure;
  if (name == "range") return range(arguments);
  if (name == "dict") return dict(arguments);
  if (name == "namespace") return evaluator.make_namespace(arguments);
  if (name == "lookup") return lookup(evaluator, arguments, false);
  if (name == "query" || name == "q") return lookup(evaluator, arguments, true);
  return Failure(FailureKind::unsupported, fmt::format("the function '{}' is not supported", name));
}

}  // namespace konvoy::templates
