#include "boot/boot_entries.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "boot/bls_entry.hpp"
#include "boot/grub_cfg.hpp"

namespace konvoy::boot {
namespace {

/// The first file of an initrd line; what comes after it is added by tuned and the like.
std::string first_file(std::string_view files) {
  const auto words = base::split_words(files);
  return words.empty() ? std::string() : path_in_target(words.front());
}

}  // namespace

std::vector<std::pair<std::string, std::string>> grub_variables(
    const std::optional<Grubenv>& grubenv, std::string_view grub_cfg) {
  std::vector<std::pair<std::string, std::string>> variables;
  if (grubenv) variables = grubenv->entries();
  for (const std::string_view name : {"kernelopts", "default_kernelopts"}) {
    const auto found = std::ranges::find(variables, name, [](const auto& v) { return v.first; });
    const auto fallback = fallback_variable(grub_cfg, name);
    if (!fallback) continue;
    if (found == variables.end()) {
      variables.emplace_back(name, *fallback);
    } else if (found->second.empty()) {
      found->second = *fallback;
    }
  }
  return variables;
}

std::vector<BootEntry> bls_boot_entries(
    const std::vector<BootFile>& files,
    const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<BootEntry> entries;
  for (const auto& file : files) {
    const BlsEntry entry = parse_bls_entry(file.text);
    const auto options = entry.options.value_or("$default_kernelopts");
    entries.push_back({file.path, entry.title, path_in_target(entry.linux_image),
                       first_file(entry.initrd), expand_variables(options, variables)});
  }
  return entries;
}

std::vector<BootEntry> grub_cfg_boot_entries(const BootFile& grub_cfg) {
  std::vector<BootEntry> entries;
  for (const auto& entry : parse_grub_entries(grub_cfg.text)) {
    entries.push_back({fmt::format("{}:{}", grub_cfg.path, entry.line), entry.title,
                       path_in_target(entry.linux_image), first_file(entry.initrd),
                       entry.arguments});
  }
  return entries;
}

std::string path_in_target(std::string_view path) {
  if (path.starts_with('(')) path.remove_prefix(std::min(path.find(')') + 1, path.size()));
  if (path.starts_with("/boot/")) return std::string(path);
  return fmt::format("/boot{}{}", path.starts_with('/') ? "" : "/", path);
}

}  // namespace konvoy::boot
