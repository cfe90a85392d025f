#include "config/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "config/taint.hpp"

namespace konvoy::config {
namespace {

using base::Diagnostic;
using base::Severity;
using value::Entry;
using value::Kind;
using value::Map;
using value::Value;

bool is_scalar(const Value& value) {
  return !value.is_map() && !value.is_list();
}

// What mergo calls empty: it never keeps a map from taking the place.
bool is_empty(const Value& value) {
  if (const auto* text = value.string()) return text->empty();
  if (const auto* flag = value.boolean()) return !*flag;
  if (const auto* number = value.integer()) return *number == 0;
  if (const auto* number = value.floating()) return *number == 0;
  if (const auto* items = value.list()) return items->empty();
  if (const auto* map = value.map()) return map->empty();
  return true;
}

// A change that loses structure, or brings it where none was; null and scalars give way freely.
bool changes_type(const Value& old, const Value& now) {
  if (old.is_null() || (is_scalar(old) && is_scalar(now))) return false;
  return old.kind() != now.kind();
}

// "a map", "an integer", "text", "null".
std::string with_article(const Value& value) {
  if (value.is_null() || value.is_string()) return std::string(value::name_of(value.kind()));
  const bool vowel = value.kind() == Kind::integer;
  return fmt::format("{} {}", vowel ? "an" : "a", value::name_of(value.kind()));
}

Diagnostic diagnostic(Severity severity, const Entry& entry, std::string message,
                      std::string hint) {
  auto span = entry.value.span();
  if (entry.key_span.source) span = entry.key_span;
  return {.severity = severity,
          .message = std::move(message),
          .span = std::move(span),
          .hint = std::move(hint),
          .secret_excerpt = entry.value.holds_secret()};
}

class Merger {
 public:
  explicit Merger(const MergeRules& rules) : rules_(rules) {}

  void add(const Layer& layer) {
    for (const auto& path : layer.removes) {
      remove(root_, path);
      provenance_.remove(path);
    }
    if (layer.value.is_null()) return;
    const auto* map = layer.value.map();
    if (map == nullptr) {
      errors_.push_back({.message = fmt::format("{} cannot be a set of variables; a map is needed",
                                                with_article(layer.value)),
                         .span = layer.value.span(),
                         .hint = "each line sets one variable: 'name: value'"});
      return;
    }
    layer_ = layer.kind;
    changed_ = false;
    repeats_.clear();
    merge_map(root_, *map, "");
    report_repeats(layer, *map);
  }

  base::Result<Config> finish() && {
    set_full_version();
    if (!errors_.empty()) {
      base::sort_by_place(errors_);
      return base::Error(base::ErrorKind::input, std::move(errors_));
    }
    base::sort_by_place(warnings_);
    return Config{.value = Value(std::move(root_)),
                  .provenance = std::move(provenance_),
                  .warnings = std::move(warnings_)};
  }

 private:
  void merge_map(Map& target, const Map& source, const std::string& parent) {
    for (const auto& entry : source.entries()) {
      merge_entry(target, entry, join_path(parent, entry.key));
    }
  }

  void merge_entry(Map& target, const Entry& entry, const std::string& path) {
    const auto* old = target.find_entry(entry.key);
    if (old == nullptr) {
      replace(target, entry, path);
      return;
    }
    if (old->value.is_map() && entry.value.is_map()) {
      merge_maps(target, *old, entry, path);
      return;
    }
    if (entry.value.is_map() && !rules_.map_replaces_others && !is_empty(old->value)) return;
    if (layer_ == LayerKind::flags && entry.value.is_map()) {
      refuse_flag(*old, entry, path);
      return;
    }
    if (changes_type(old->value, entry.value)) warn_of_type(*old, entry, path);
    if (old->value == entry.value && old->value.kind() == entry.value.kind()) {
      note_repeat(entry, path);
    }
    replace(target, entry, path);
  }

  void merge_maps(Map& target, const Entry& old, const Entry& entry, const std::string& path) {
    if (entry.value.map()->empty()) {
      if (!old.value.map()->empty()) warn_of_empty_map(old, entry, path);
      return;
    }
    auto merged = old;
    auto map = *old.value.map();
    merge_map(map, *entry.value.map(), path);
    merged.value = Value(std::move(map), old.value.origin());
    target.set(std::move(merged));
  }

  void replace(Map& target, const Entry& entry, const std::string& path) {
    const auto* old = target.find(entry.key);
    if (old == nullptr || !(*old == entry.value)) changed_ = true;
    provenance_.set(path, {.value = entry.value, .layer = layer_});
    target.set(entry);
  }

  static void remove(Map& target, std::string_view path) {
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) {
      auto rest = target.entries();
      std::erase_if(rest, [&](const Entry& entry) { return entry.key == path; });
      target = Map(std::move(rest));
      return;
    }
    const auto* old = target.find_entry(path.substr(0, dot));
    if (old == nullptr || !old->value.is_map()) return;
    auto entry = *old;
    auto below = *entry.value.map();
    remove(below, path.substr(dot + 1));
    entry.value = Value(std::move(below), entry.value.origin());
    target.set(std::move(entry));
  }

  void refuse_flag(const Entry& old, const Entry& entry, const std::string& path) {
    auto problem =
        diagnostic(Severity::error, old,
                   fmt::format("'{}' must be a map: '{}' is set in it; here it is {}", path,
                               join_path(path, entry.value.map()->entries().front().key),
                               with_article(old.value)),
                   fmt::format("leave '{}' out, or set its keys one by one", path));
    errors_.push_back(std::move(problem));
  }

  void warn_of_type(const Entry& old, const Entry& entry, const std::string& path) {
    auto problem = diagnostic(Severity::warning, entry,
                              fmt::format("'{}' was {} and becomes {}", path,
                                          with_article(old.value), with_article(entry.value)),
                              old.value.is_map() ? "all keys of the map are lost; to change one, "
                                                   "write it below the name of the map"
                                                 : "");
    problem.notes.push_back(
        {.message = fmt::format("the {} is set here", value::name_of(old.value.kind())),
         .span = old.value.span()});
    warnings_.push_back(std::move(problem));
  }

  void warn_of_empty_map(const Entry& old, const Entry& entry, const std::string& path) {
    auto problem = diagnostic(Severity::warning, entry,
                              fmt::format("'{{}}' over the map '{}' changes nothing", path),
                              fmt::format("to clear it, write '{}: null'; to clear one key, set "
                                          "that key to null",
                                          path));
    problem.notes.push_back({.message = "the map is set here", .span = old.value.span()});
    warnings_.push_back(std::move(problem));
  }

  // Only against defaults and images: files that are made to be combined repeat each other.
  void note_repeat(const Entry& entry, const std::string& path) {
    if (layer_ != LayerKind::overrides) return;
    const auto* trace = provenance_.find(path);
    if (trace == nullptr || trace->current.layer == LayerKind::overrides) return;
    auto problem = diagnostic(Severity::warning, entry,
                              fmt::format("'{}' changes nothing: it has this value already", path),
                              "remove the line");
    problem.notes.push_back(
        {.message = "set to the same value here", .span = trace->current.value.span()});
    repeats_.push_back(std::move(problem));
  }

  // One warning for a file that has no effect at all, else one for each line.
  void report_repeats(const Layer& layer, const Map& map) {
    if (layer.kind == LayerKind::overrides && !changed_ && !map.empty()) {
      auto span = layer.value.span();
      span.line = 0;
      warnings_.push_back({.severity = Severity::warning,
                           .message = "this override changes nothing: everything in it is set "
                                      "already",
                           .span = std::move(span),
                           .hint = "leave it out"});
      return;
    }
    std::ranges::move(repeats_, std::back_inserter(warnings_));
  }

  void set_full_version() {
    const auto* version = root_.find_entry("kubernetes_version");
    if (version == nullptr) {
      if (errors_.empty()) {
        errors_.push_back({.message = "'kubernetes_version' is not set",
                           .hint = "set it in the image file, in an override, or with "
                                   "--kubernetes-version"});
      }
      return;
    }
    if (!version->value.is_string()) {
      errors_.push_back(
          diagnostic(Severity::error, *version,
                     fmt::format("'kubernetes_version' must be text, here it is {}",
                                 with_article(version->value)),
                     "put the version into quotes: without them 1.20 is the number 1.2"));
      return;
    }
    warn_of_computed();
    auto full = *version->value.string();
    auto origin = Setting{.value = version->value, .layer = layer_of("kubernetes_version")};
    const auto* metadata = root_.find("kubernetes_build_metadata");
    if (metadata != nullptr && metadata->is_string() && !metadata->string()->empty()) {
      full += "+" + *metadata->string();
      const auto layer = layer_of("kubernetes_build_metadata");
      if (layer >= origin.layer) origin = {.value = *metadata, .layer = layer};
    }
    const Entry entry{.key = "kubernetes_full_version",
                      .value = Value(std::move(full), {.span = origin.value.span()})};
    provenance_.set(entry.key, {.value = entry.value, .layer = origin.layer});
    root_.set(entry);
  }

  LayerKind layer_of(const std::string& path) const {
    const auto* trace = provenance_.find(path);
    return trace == nullptr ? LayerKind::defaults : trace->current.layer;
  }

  void warn_of_computed() {
    const auto* trace = provenance_.find("kubernetes_full_version");
    const auto* set = root_.find_entry("kubernetes_full_version");
    if (trace == nullptr || set == nullptr || trace->current.layer == LayerKind::defaults) return;
    warnings_.push_back(
        diagnostic(Severity::warning, *set,
                   "'kubernetes_full_version' is always computed; what is set here has no effect",
                   "set 'kubernetes_version' and 'kubernetes_build_metadata'"));
  }

  MergeRules rules_;
  LayerKind layer_ = LayerKind::defaults;
  bool changed_ = false;
  Map root_;
  Provenance provenance_;
  std::vector<Diagnostic> repeats_;
  std::vector<Diagnostic> warnings_;
  std::vector<Diagnostic> errors_;
};

}  // namespace

base::Result<Config> merge(std::span<const Layer> layers, const MergeRules& rules) {
  Merger merger(rules);
  for (const auto& layer : layers) {
    merger.add({.kind = layer.kind, .value = taint(layer.value), .removes = layer.removes});
  }
  return std::move(merger).finish();
}

}  // namespace konvoy::config
