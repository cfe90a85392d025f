#include "packer/template.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"

namespace konvoy::packer {
namespace {

// required_plugins came with this version; older ones refuse the block.
constexpr std::string_view first_with_plugins = "1.7.0";

Block variable_block(const value::Entry& entry) {
  Block block{.type = "variable", .labels = {entry.key}};
  const bool is_map = entry.value.is_map();
  block.attributes = {{"type", is_map ? "map(string)" : "string"},
                      {"default", is_map ? "{}" : "\"\""}};
  if (base::names_a_secret(entry.key)) block.attributes.push_back({"sensitive", "true"});
  return block;
}

// Variables that expressions of ours use even when the configuration has no value for them.
void declare_missing(std::vector<Block>& blocks, Builder builder, const value::Map& variables) {
  std::vector<std::string> names = {"build_name", "kubernetes_full_version"};
  if (builder == Builder::amazon) names.emplace_back("ami_filter_name");
  for (const auto& name : names) {
    if (variables.find(name) != nullptr) continue;
    blocks.push_back(variable_block({.key = name, .value = ""}));
  }
}

Block plugins_block(const Plugin& plugin) {
  Block required{.type = "required_plugins"};
  required.attributes.push_back(
      {std::string(plugin.name),
       hcl_map({{"source", hcl_quote(plugin.source)}, {"version", hcl_quote(plugin.version)}}, 2)});
  return {.type = "packer", .blocks = {std::move(required)}};
}

std::string shell_words(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  quoted.reserve(words.size());
  for (const auto& word : words) quoted.push_back(base::shell_quote(word));
  return base::join(quoted, " ");
}

// A shell script in which quoted here-documents keep every character of a secret as it is. Packer
// writes it to a file of its own that only its user can read.
std::vector<std::string> provisioner_script(const TemplateInputs& inputs) {
  const auto run = shell_words(inputs.command) + " ";
  const auto here_document = [](std::string_view file, std::string_view variable) {
    return fmt::format("cat >\"$private/{}\" <<'KONVOY_END'\n${{{}}}\nKONVOY_END", file, variable);
  };
  return {
      "set -eu",
      "umask 077",
      "private=$(mktemp -d)",
      "trap 'rm -rf \"$private\"' EXIT",
      here_document("key", "build.SSHPrivateKey"),
      here_document("password", "build.Password"),
      run +
          "--instance \"${build.User}@${build.Host}:${build.Port}\" --run-id "
          "\"${build.PackerRunUUID}\" --key-file \"$private/key\" --password-file "
          "\"$private/password\"" +
          (wants_power_off(inputs.builder) ? " --power-off" : ""),
  };
}

// Like hcl_quote(), but "${build.X}" stays a template of Packer's.
std::string quote_with_build_variables(std::string_view text) {
  return base::replace_all(hcl_quote(text), "$${build.", "${build.");
}

// A list of lines, as an attribute that is nested `level` blocks deep.
std::string script_expression(const std::vector<std::string>& lines, std::size_t level) {
  const std::string indent(2 * level, ' ');
  std::string out = "[\n";
  for (const auto& line : lines) {
    out += indent + "  " + quote_with_build_variables(line) + ",\n";
  }
  return out + indent + "]";
}

Block build_block(const TemplateInputs& inputs) {
  Block provisioner{.type = "provisioner", .labels = {"shell-local"}};
  provisioner.attributes = {{"inline", script_expression(provisioner_script(inputs), 2)}};
  Block manifest{.type = "post-processor", .labels = {"manifest"}};
  manifest.attributes = {
      {"output", hcl_quote(inputs.manifest_output)},
      {"custom_data", hcl_map({{"kubernetes_version", "var.kubernetes_full_version"},
                               {"build_name", "var.build_name"}},
                              3)}};
  Block record{.type = "post-processor", .labels = {"shell-local"}};
  record.attributes = {{"inline", script_expression({shell_words(inputs.record_command)}, 3)}};
  // One behind the other: the record is completed from the manifest.
  Block chain{.type = "post-processors", .blocks = {std::move(manifest), std::move(record)}};
  Block build{.type = "build", .blocks = {std::move(provisioner), std::move(chain)}};
  build.attributes = {
      {"sources", fmt::format("[{}]", hcl_quote(fmt::format("source.{}.image",
                                                            source_type(inputs.builder))))}};
  return build;
}

}  // namespace

std::string parse_version(std::string_view output) {
  for (const auto& word : base::split_words(output)) {
    if (word.size() > 1 && word[0] == 'v' && word[1] >= '0' && word[1] <= '9')
      return word.substr(1);
  }
  return {};
}

std::string render_template(const TemplateInputs& inputs) {
  std::vector<Block> blocks;
  const auto plugin = plugin_of(inputs.builder);
  const bool wants_plugins = base::compare_versions(inputs.packer_version, first_with_plugins) >= 0;
  if (wants_plugins && !plugin.name.empty()) blocks.push_back(plugins_block(plugin));
  auto entries = inputs.variables.entries();
  std::ranges::sort(entries, {}, &value::Entry::key);
  for (const auto& entry : entries) blocks.push_back(variable_block(entry));
  declare_missing(blocks, inputs.builder, inputs.variables);
  blocks.push_back({.type = "locals",
                    .attributes = {{"timestamp", R"(formatdate("YYYYMMDDhhmmss", timestamp()))"}}});
  blocks.push_back(
      {.type = "locals",
       .attributes = {
           {"image_name",
            "\"${var.build_name}-${var.kubernetes_full_version}-${local.timestamp}\""}}});
  blocks.push_back(source_block(inputs.builder, inputs.variables, wants_plugins));
  blocks.push_back(build_block(inputs));
  return "# Written by konvoy-image; changes are lost with the next build.\n\n" +
         render_hcl(blocks);
}

}  // namespace konvoy::packer
