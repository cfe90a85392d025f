#include "case.hpp"

#include <fmt/format.h>

#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "base/text.hpp"
#include "config/flags.hpp"
#include "config/merge.hpp"
#include "json/reader.hpp"
#include "yaml/reader.hpp"

namespace konvoy::corpus {
namespace {

using config::Layer;
using config::LayerKind;

base::Result<std::string> read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return base::Error(base::ErrorKind::input, "cannot read '" + path.string() + "'");
  return std::move(text).str();
}

std::string text_at(const value::Value& description, const char* key) {
  const auto* found = description.at_path(key);
  return found != nullptr && found->string() != nullptr ? *found->string() : "";
}

std::vector<std::string> flag_values(const value::Value& flag) {
  if (const auto* text = flag.string()) return {*text};
  std::vector<std::string> values;
  for (const auto& item : *flag.list()) values.push_back(*item.string());
  return values;
}

void add_flags(std::vector<Layer>& layers, const value::Value& description) {
  std::vector<config::GivenFlag> given;
  const auto* flags = description.at_path("flags");
  if (flags != nullptr) {
    for (const auto& [flag, value, span, kind] : flags->map()->entries()) {
      given.push_back({flag, flag_values(value)});
    }
  }
  const bool has_dry_run =
      base::compare_versions(text_at(description, "kib_version"), "v2.0.0") >= 0;
  const bool builds = text_at(description, "command") == "build";
  layers.push_back(config::flag_layer(given, config::Cloud::aws,
                                      has_dry_run && builds ? std::optional(false) : std::nullopt));
}

// konvoy-image-builder takes "key=value" with exactly one '=' and drops everything else without a
// word. The product takes them all; here it is the other's rule that is asked for.
void add_extra_vars(std::vector<Layer>& layers, const value::Value& description) {
  // Up to v1.5.3 it reads them and never uses them.
  if (base::compare_versions(text_at(description, "kib_version"), "v1.5.3") <= 0) return;
  for (const auto& each : texts(description, "extra_vars")) {
    const auto parts = base::split(each, '=');
    if (parts.size() != 2) continue;
    value::Map map;
    map.set(parts[0], value::Value(parts[1]));
    layers.push_back({LayerKind::extra_vars, value::Value(std::move(map))});
  }
}

// mergo from 0.3.15 lets a map replace what is no map.
bool map_replaces_others(const std::string& mergo) {
  return base::compare_versions(mergo, "0.3.15") >= 0;
}

}  // namespace

base::Result<Case> read_case(const std::filesystem::path& path) {
  KONVOY_TRY(auto text, read_text(path));
  KONVOY_TRY(auto description, json::parse(path.string(), std::move(text)));
  return Case{std::move(description), path.parent_path()};
}

base::Result<value::Value> read_input(const Case& each, const std::string& name) {
  KONVOY_TRY(auto text, read_text(each.folder / name));
  KONVOY_TRY(auto document, yaml::parse(name, std::move(text)));
  return std::move(document.value);
}

std::vector<std::string> texts(const value::Value& description, const char* key) {
  std::vector<std::string> out;
  const auto* found = description.at_path(key);
  const auto* list = found == nullptr ? nullptr : found->list();
  if (list == nullptr) return out;
  for (const auto& item : *list) {
    if (item.string() != nullptr) out.push_back(*item.string());
  }
  return out;
}

base::Result<value::Value> merge_layers(const Case& each) {
  std::vector<Layer> layers;
  KONVOY_TRY(auto common, read_input(each, text_at(each.description, "common")));
  layers.push_back({LayerKind::defaults, std::move(common)});
  if (const auto image = text_at(each.description, "image"); !image.empty()) {
    KONVOY_TRY(auto value, read_input(each, image));
    layers.push_back({LayerKind::image, std::move(value)});
  }
  for (const auto& name : texts(each.description, "overrides")) {
    KONVOY_TRY(auto value, read_input(each, name));
    layers.push_back({LayerKind::overrides, std::move(value)});
  }
  add_flags(layers, each.description);
  add_extra_vars(layers, each.description);
  const auto mergo = text_at(each.description, "mergo");
  KONVOY_TRY(auto merged,
             config::merge(layers, {.map_replaces_others = map_replaces_others(mergo)}));
  return std::move(merged.value);
}

}  // namespace konvoy::corpus
