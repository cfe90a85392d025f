#include "config/schema.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace konvoy::config {

std::string_view name_of(Type type) {
  switch (type) {
    case Type::any: return "any value";
    case Type::text: return "text";
    case Type::boolean: return "boolean";
    case Type::integer: return "integer";
    case Type::list: return "list";
    case Type::map:
    case Type::open_map: break;
  }
  return "map";
}

const Variable* find_variable(std::string_view path) {
  const auto all = variables();
  const auto found = std::ranges::lower_bound(all, path, {}, &Variable::path);
  return found != all.end() && found->path == path ? &*found : nullptr;
}

bool is_template(std::string_view text) {
  return text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos;
}

namespace {

bool is_boolean_word(std::string text) {
  constexpr std::array<std::string_view, 11> words = {"true", "false", "yes", "no", "on", "off",
                                                      "y",    "n",     "1",   "0",  ""};
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::ranges::find(words, text) != words.end();
}

bool text_fits(Type type, const std::string& text) {
  switch (type) {
    case Type::any:
    case Type::text: return true;
    case Type::boolean: return is_boolean_word(text);
    case Type::integer:
      return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    case Type::list:
    case Type::map:
    case Type::open_map: break;
  }
  return false;
}

}  // namespace

bool fits(Type type, const value::Value& value) {
  switch (value.kind()) {
    case value::Kind::null: return true;
    case value::Kind::boolean: return type == Type::any || type == Type::boolean;
    case value::Kind::integer:
      return type == Type::any || type == Type::integer || type == Type::text ||
             (type == Type::boolean && (*value.integer() == 0 || *value.integer() == 1));
    case value::Kind::floating: return type == Type::any;
    case value::Kind::string:
      return is_template(*value.string()) || text_fits(type, *value.string());
    case value::Kind::list: return type == Type::any || type == Type::list;
    case value::Kind::map: break;
  }
  return type == Type::any || type == Type::map || type == Type::open_map;
}

}  // namespace konvoy::config
