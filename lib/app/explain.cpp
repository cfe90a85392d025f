#include "app/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "config/schema.hpp"

namespace konvoy::app {
namespace {

using config::Setting;
using value::Value;

bool has_template(const Value& value) {
  if (const auto* text = value.string()) return config::is_template(*text);
  if (const auto* items = value.list()) return std::ranges::any_of(*items, has_template);
  if (const auto* map = value.map()) {
    return std::ranges::any_of(map->entries(),
                               [](const auto& entry) { return has_template(entry.value); });
  }
  return false;
}

bool starts_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool continues_name(char c) {
  return starts_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// The names in the expressions of a template that are variables or facts; an attribute, a filter
// and what stands in quotes are none.
void collect_template_names(std::string_view text, const value::Map& known,
                            std::set<std::string>& names) {
  bool inside = false;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto two = text.substr(i, 2);
    if (!inside) {
      inside = two == "{{" || two == "{%";
      continue;
    }
    if (quote != '\0') {
      if (text[i] == quote) quote = '\0';
    } else if (text[i] == '\'' || text[i] == '"') {
      quote = text[i];
    } else if (two == "}}" || two == "%}") {
      inside = false;
    } else if (starts_name(text[i])) {
      std::size_t end = i;
      while (end < text.size() && continues_name(text[end])) ++end;
      const std::string name(text.substr(i, end - i));
      const bool attribute = i > 0 && text[i - 1] == '.';
      if (!attribute && (known.find(name) != nullptr || name.starts_with("ansible_"))) {
        names.insert(name);
      }
      i = end - 1;
    }
  }
}

void collect_names(const Value& value, const value::Map& known, std::set<std::string>& names) {
  if (const auto* text = value.string()) {
    collect_template_names(*text, known, names);
  } else if (const auto* items = value.list()) {
    for (const auto& item : *items) collect_names(item, known, names);
  } else if (const auto* map = value.map()) {
    for (const auto& entry : map->entries()) collect_names(entry.value, known, names);
  }
}

// The facts that the variables among `names` need in turn.
void add_facts_behind(const value::Map& config, std::set<std::string>& names) {
  std::set<std::string> seen = names;
  std::vector<std::string> open(names.begin(), names.end());
  while (!open.empty()) {
    const auto* value = config.find(open.back());
    open.pop_back();
    if (value == nullptr) continue;
    std::set<std::string> behind;
    collect_names(*value, config, behind);
    for (const auto& name : behind) {
      if (!seen.insert(name).second) continue;
      open.push_back(name);
      if (config.find(name) == nullptr) names.insert(name);
    }
  }
}

Explanation explain_at(const config::Config& config, const std::string& path, const Value& value,
                       const Resolve& resolve) {
  Explanation explanation{.key = path, .value = value};
  if (const auto* trace = config.provenance.find(path)) {
    explanation.setting = trace->current;
    explanation.replaced = trace->replaced;
  } else {
    explanation.setting.value = value;
  }
  if (!has_template(value)) {
    explanation.resolved = true;
    return explanation;
  }
  std::set<std::string> names;
  collect_names(value, *config.value.map(), names);
  add_facts_behind(*config.value.map(), names);
  explanation.depends_on.assign(names.begin(), names.end());
  if (!resolve) return explanation;
  auto result = resolve(path);
  if (result) {
    explanation.value = value.holds_secret() ? result->as_secret() : *std::move(result);
    explanation.resolved = true;
  } else {
    explanation.problems = std::move(result).error().diagnostics;
  }
  return explanation;
}

void walk(const config::Config& config, const value::Map& map, const std::string& parent,
          const std::function<void(const std::string&, const Value&)>& visit) {
  for (const auto& entry : map.entries()) {
    const auto path = config::join_path(parent, entry.key);
    if (entry.value.is_map() && !entry.value.map()->empty() && !entry.value.is_secret()) {
      walk(config, *entry.value.map(), path, visit);
    } else {
      visit(path, entry.value);
    }
  }
}

base::Error unknown_key(const config::Config& config, const std::string& key) {
  std::vector<std::string> known;
  walk(config, *config.value.map(), "",
       [&](const std::string& path, const Value&) { known.push_back(path); });
  for (const auto& entry : config.value.map()->entries()) known.push_back(entry.key);
  auto hint = base::did_you_mean(key, known);
  const auto* variable = config::find_variable(key);
  if (hint.empty() && variable != nullptr) {
    hint = fmt::format("it is known, but nothing sets it: {}", variable->meaning);
  } else if (hint.empty()) {
    hint = "without a key the whole configuration is shown";
  }
  return {base::ErrorKind::input, fmt::format("nothing sets '{}'", key), std::move(hint)};
}

std::string place_of(const Setting& setting) {
  const auto location = setting.value.span().location();
  if (location.empty()) return "computed by konvoy-image";
  return fmt::format("{} ({})", location, config::name_of(setting.layer));
}

Value source_of(const Setting& setting) {
  const auto& span = setting.value.span();
  value::Map source;
  source.set("file", span.name().empty() ? Value() : Value(span.name()));
  source.set("line", span.line == 0 ? Value() : Value(static_cast<std::int64_t>(span.line)));
  source.set("column", span.column == 0 ? Value() : Value(static_cast<std::int64_t>(span.column)));
  source.set("layer", Value(config::name_of(setting.layer)));
  return source;
}

std::string one_line(const Value& value) {
  auto text = value::to_display(value);
  text = base::replace_all(text, "\n", "\\n");
  if (text.empty()) return "\"\"";
  return text;
}

}  // namespace

base::Result<Explanation> explain(const config::Config& config, const std::string& key,
                                  const Resolve& resolve) {
  const auto* value = config.value.at_path(key);
  if (value == nullptr) return unknown_key(config, key);
  return explain_at(config, key, *value, resolve);
}

std::vector<Explanation> explain_all(const config::Config& config, bool changed,
                                     const Resolve& resolve) {
  std::vector<Explanation> all;
  walk(config, *config.value.map(), "", [&](const std::string& path, const Value& value) {
    const auto* trace = config.provenance.find(path);
    const bool by_user = trace != nullptr && trace->current.layer >= config::LayerKind::overrides &&
                         trace->current.value.span().source != nullptr;
    if (!changed || by_user) all.push_back(explain_at(config, path, value, resolve));
  });
  return all;
}

std::string render_text(const Explanation& explanation) {
  std::string out = fmt::format("{}: {}\n", explanation.key, one_line(explanation.value));
  const auto& written = explanation.setting.value;
  if (explanation.resolved && has_template(written)) {
    out += fmt::format("  template: {}\n", one_line(written));
  }
  for (const auto& problem : explanation.problems) {
    const auto shown = base::replace_all(base::render(problem), "\n", "\n  ");
    out += fmt::format("  not resolved: {}\n", base::trim(shown));
  }
  out += fmt::format("  set in {}\n", place_of(explanation.setting));
  for (const auto& old : explanation.replaced) {
    out += fmt::format("  replaces {}, set in {}\n", one_line(old.value), place_of(old));
  }
  if (!explanation.depends_on.empty()) {
    out += fmt::format("  depends on {}\n", base::join(explanation.depends_on, ", "));
  }
  if (const auto* variable = config::find_variable(explanation.key)) {
    out += fmt::format("  meaning: {}\n", variable->meaning);
  }
  return out;
}

std::string render_tree(const std::vector<Explanation>& explanations) {
  std::string out;
  std::vector<std::string> open;
  for (const auto& explanation : explanations) {
    const auto steps = base::split(explanation.key, '.');
    std::size_t same = 0;
    while (same < open.size() && same + 1 < steps.size() && open[same] == steps[same]) ++same;
    open.resize(same);
    for (; same + 1 < steps.size(); ++same) {
      out += fmt::format("{:{}}{}:\n", "", 2 * same, steps[same]);
      open.push_back(steps[same]);
    }
    out += fmt::format("{:{}}{}: {}  # {}\n", "", 2 * same, steps.back(),
                       one_line(explanation.value), place_of(explanation.setting));
  }
  return out;
}

value::Value to_value(const Explanation& explanation) {
  value::Map map;
  map.set("key", Value(explanation.key));
  map.set("value", explanation.value);
  if (has_template(explanation.setting.value)) map.set("template", explanation.setting.value);
  if (!explanation.problems.empty()) {
    map.set("unresolved_because", Value(explanation.problems.front().message));
  }
  map.set("source", source_of(explanation.setting));
  value::List replaced;
  for (const auto& old : explanation.replaced) {
    value::Map item;
    item.set("value", old.value);
    item.set("source", source_of(old));
    replaced.emplace_back(std::move(item));
  }
  map.set("replaced", Value(std::move(replaced)));
  value::List names;
  for (const auto& name : explanation.depends_on) names.emplace_back(name);
  map.set("depends_on", Value(std::move(names)));
  return map;
}

}  // namespace konvoy::app
