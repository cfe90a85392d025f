#include "app/schema.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/schema.hpp"

namespace konvoy::app {
namespace {

using config::Type;
using value::Value;

value::List names(std::initializer_list<const char*> all) {
  value::List list;
  for (const auto* name : all) list.emplace_back(name);
  return list;
}

// A template in text may stand for every value, and null takes one away.
value::List json_types(Type type) {
  switch (type) {
    case Type::any: break;
    case Type::text: return names({"string", "integer", "null"});
    case Type::boolean: return names({"boolean", "string", "null"});
    case Type::integer: return names({"integer", "string", "null"});
    case Type::list: return names({"array", "string", "null"});
    case Type::map:
    case Type::open_map: return names({"object", "string", "null"});
  }
  return names({"string", "number", "boolean", "array", "object", "null"});
}

std::string since(const config::Variable& variable) {
  return variable.since == "konvoy-image" ? "konvoy-image only"
                                          : fmt::format("konvoy-image-builder {}", variable.since);
}

// The variables directly below `parent`, each with what is below it.
value::Map properties(std::string_view parent, const Value& defaults) {
  value::Map all;
  for (const auto& variable : config::variables()) {
    const auto dot = variable.path.rfind('.');
    const auto above = dot == std::string_view::npos ? "" : variable.path.substr(0, dot);
    if (above != parent) continue;
    value::Map one;
    one.set("description", Value(fmt::format("{} (since {})", variable.meaning, since(variable))));
    one.set("type", Value(json_types(variable.type)));
    const auto* preset = defaults.at_path(variable.path);
    if (preset != nullptr && !preset->is_map()) one.set("default", *preset);
    auto below = properties(variable.path, defaults);
    if (!below.empty()) one.set("properties", Value(std::move(below)));
    const auto name = dot == std::string_view::npos ? variable.path : variable.path.substr(dot + 1);
    all.set(std::string(name), Value(std::move(one)));
  }
  return all;
}

// As text in a cell of a Markdown table.
std::string cell(const Value& value) {
  auto text = value::to_display(value);
  if (text.empty()) return "`\"\"`";
  text = base::replace_all(text, "|", "\\|");
  return fmt::format("`{}`", text);
}

}  // namespace

value::Value json_schema(const value::Value& defaults) {
  value::Map schema;
  schema.set("$schema", Value("https://json-schema.org/draft/2020-12/schema"));
  schema.set("title", Value("konvoy-image variables"));
  schema.set("description", Value("image definitions and overrides of konvoy-image"));
  schema.set("type", Value(names({"object", "null"})));
  schema.set("properties", Value(properties("", defaults)));
  return schema;
}

std::string reference_page(const value::Value& defaults) {
  std::string out =
      "# Variables\n\n"
      "Set them in image files, overrides and with --extra-vars.\n\n"
      "| variable | type | default | meaning | since |\n"
      "|---|---|---|---|---|\n";
  for (const auto& variable : config::variables()) {
    const auto* preset = defaults.at_path(variable.path);
    const bool shown = preset != nullptr && !preset->is_map();
    out += fmt::format("| `{}` | {}{} | {} | {} | {} |\n", variable.path,
                       config::name_of(variable.type), variable.secret ? ", secret" : "",
                       shown ? cell(*preset) : "", variable.meaning, since(variable));
  }
  return out;
}

}  // namespace konvoy::app
