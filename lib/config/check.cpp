#include "config/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/suggest.hpp"
#include "config/provenance.hpp"
#include "config/schema.hpp"
#include "config/taint.hpp"

namespace konvoy::config {
namespace {

using value::Entry;
using value::Value;
using Names = std::set<std::string, std::less<>>;

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

void collect_words(std::string_view text, Names& words) {
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t end = start;
    while (end < text.size() && is_name_character(text[end])) ++end;
    if (end > start) words.emplace(text.substr(start, end - start));
    start = end + 1;
  }
}

// Every word of every template: more than the variables it refers to, which is all that is needed.
void collect_references(const Value& value, Names& words) {
  if (const auto* text = value.string()) {
    if (is_template(*text)) collect_words(*text, words);
  } else if (const auto* items = value.list()) {
    for (const auto& item : *items) collect_references(item, words);
  } else if (const auto* map = value.map()) {
    for (const auto& entry : map->entries()) collect_references(entry.value, words);
  }
}

std::string without_digits(std::string_view text) {
  std::string rest(text);
  std::erase_if(rest, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
  return rest;
}

// `fips: true` most likely means `fips: {enabled: true}`.
std::string example_of(const Variable& variable, const Value& value) {
  const auto enabled = fmt::format("{}.enabled", variable.path);
  if (value.boolean() != nullptr && find_variable(enabled) != nullptr) {
    return fmt::format("write '{}: {{enabled: {}}}'", variable.path, value::to_display(value));
  }
  return "write its keys on lines of their own, indented below it";
}

std::string remedy_for(const Entry& entry, const Variable& variable) {
  if (variable.type == Type::text && entry.value.floating() != nullptr) {
    return "put the value into quotes: without them 1.20 is the number 1.2";
  }
  if (variable.type == Type::map) return example_of(variable, entry.value);
  if (variable.type == Type::list && entry.value.is_string()) {
    return fmt::format("write '{}: [{}]'", entry.key, value::to_display(entry.value));
  }
  return fmt::format("'{}' means: {}", variable.path, variable.meaning);
}

class Checker {
 public:
  Checker() {
    for (const auto& variable : variables()) {
      const auto dot = variable.path.rfind('.');
      const bool top = dot == std::string_view::npos;
      known_[std::string(top ? "" : variable.path.substr(0, dot))].emplace(
          top ? variable.path : variable.path.substr(dot + 1));
    }
  }

  std::vector<base::Diagnostic> run(std::span<const Layer> layers) && {
    for (const auto& layer : layers) collect_references(layer.value, referenced_);
    for (const auto& layer : layers) {
      const auto tainted = taint(layer.value);  // what is secret must not be quoted
      if (tainted.map() == nullptr) continue;
      if (layer.kind != LayerKind::defaults && layer.kind != LayerKind::inventory) {
        check_map(*tainted.map(), "");
      }
      learn(*tainted.map(), "");
    }
    base::sort_by_place(found_);
    return std::move(found_);
  }

 private:
  void learn(const value::Map& map, const std::string& parent) {
    for (const auto& entry : map.entries()) {
      known_[parent].insert(entry.key);
      if (entry.value.is_map()) learn(*entry.value.map(), join_path(parent, entry.key));
    }
  }

  void check_map(const value::Map& map, const std::string& parent) {
    for (const auto& entry : map.entries()) {
      const auto path = join_path(parent, entry.key);
      const auto* variable = find_variable(path);
      if (variable != nullptr) {
        check_type(entry, *variable);
      } else {
        check_name(entry, parent);
      }
      const bool open = variable != nullptr && variable->type == Type::open_map;
      if (entry.value.is_map() && !open && known_.contains(path)) {
        check_map(*entry.value.map(), path);
      }
    }
  }

  void check_type(const Entry& entry, const Variable& variable) {
    if (fits(variable.type, entry.value)) return;
    if (variable.path == "kubernetes_version") return;  // merging refuses it with an error
    add(entry, entry.value.span(),
        fmt::format("'{}' should be {}, here it is {}", variable.path, name_of(variable.type),
                    value::name_of(entry.value.kind())),
        remedy_for(entry, variable));
  }

  void check_name(const Entry& entry, const std::string& parent) {
    const auto& key = entry.key;
    const auto siblings = known_.find(parent);
    if (siblings == known_.end() || siblings->second.contains(key)) return;
    if (key.starts_with("ansible_") || key.starts_with("x-") || referenced_.contains(key)) return;
    std::vector<std::string> others;
    for (const auto& name : siblings->second) {
      if (without_digits(name) != without_digits(key)) others.push_back(name);
    }
    auto hint = base::did_you_mean(key, others);
    if (hint.empty()) return;
    add(entry, entry.key_span, fmt::format("unknown key '{}'", join_path(parent, key)),
        std::move(hint));
    found_.back().notes.push_back(
        {.message = "no default, no image, no template and no other file uses it"});
  }

  void add(const Entry& entry, const base::SourceSpan& span, std::string message,
           std::string hint) {
    found_.push_back({.severity = base::Severity::warning,
                      .message = std::move(message),
                      .span = span,
                      .hint = std::move(hint),
                      .secret_excerpt = entry.value.holds_secret()});
  }

  std::map<std::string, Names> known_;
  Names referenced_;
  std::vector<base::Diagnostic> found_;
};

}  // namespace

std::vector<base::Diagnostic> check(std::span<const Layer> layers) {
  return Checker().run(layers);
}

}  // namespace konvoy::config
