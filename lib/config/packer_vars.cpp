#include "config/packer_vars.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "base/text.hpp"

namespace konvoy::config {
namespace {

using value::Value;

// What a build is called that has no image file: pkg/app of konvoy-image-builder.
constexpr std::string_view default_build_name = "provision_build";

// As Go's fmt prints it; of a list [a b].
std::string as_text(const Value& value) {
  if (value.is_null()) return {};
  if (const auto* text = value.string()) return *text;
  if (const auto* items = value.list()) {
    std::vector<std::string> texts;
    for (const auto& item : *items) texts.push_back(as_text(item));
    return fmt::format("[{}]", base::join(texts, " "));
  }
  if (const auto* number = value.floating()) return fmt::format("{}", *number);
  if (const auto* number = value.integer()) return fmt::format("{}", *number);
  return value.boolean() != nullptr && *value.boolean() ? "true" : "false";
}

Value stringified(const Value& value) {
  if (const auto* map = value.map()) {
    value::Map texts;
    for (const auto& entry : map->entries()) texts.set(entry.key, stringified(entry.value));
    return {std::move(texts), value.origin()};
  }
  return {as_text(value), value.origin()};
}

// Text at the top level; anything else counts as not set, as in konvoy-image-builder.
Value text_at(const Value& config, std::string_view path) {
  const auto* found = config.at_path(path);
  return found != nullptr && found->is_string() ? *found : Value("");
}

}  // namespace

std::string build_name(const value::Value& config) {
  auto name = *text_at(config, "build_name").string();
  if (name.empty()) name = default_build_name;
  return name + *text_at(config, "build_name_extra").string();
}

value::Value packer_vars(const value::Value& config, const PackerInputs& inputs) {
  std::map<std::string, Value> vars;
  for (const auto* key : {"ssh_bastion_host", "ssh_bastion_password",
                          "ssh_bastion_private_key_file", "ssh_bastion_username"}) {
    vars[key] = Value("");
  }
  if (const auto* packer = config.at_path("packer"); packer != nullptr && packer->is_map()) {
    for (const auto& entry : packer->map()->entries()) vars[entry.key] = stringified(entry.value);
  }
  for (const auto* key : {"build_name_extra", "containerd_version", "http_proxy", "https_proxy",
                          "kubernetes_full_version", "no_proxy"}) {
    vars[key] = text_at(config, key);
  }
  vars["build_name"] = Value(build_name(config));
  vars["ansible_extra_vars"] = Value("@" + inputs.config_file);
  vars["konvoy_image_builder_version"] = Value(inputs.version);

  std::vector<std::string> gpus;
  if (const auto* types = config.at_path("gpu.types"); types != nullptr && types->is_list()) {
    for (const auto& type : *types->list()) gpus.push_back(as_text(type));
  }
  vars["gpu"] = Value(gpus.empty() ? "false" : "true");
  vars["gpu_types"] = Value(base::join(gpus, ","));
  vars["gpu_nvidia_version"] = gpus.empty() ? Value("") : text_at(config, "nvidia_driver_version");

  value::Map ordered;
  for (auto& [key, value] : vars) ordered.set(key, std::move(value));
  return ordered;
}

}  // namespace konvoy::config
