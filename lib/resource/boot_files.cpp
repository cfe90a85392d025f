#include "resource/boot_files.hpp"

#include <algorithm>

#include "boot/bls_entry.hpp"
#include "boot/grub_cfg.hpp"

namespace konvoy::resource {
namespace {

/// Puts the file into `files` when it is there.
void add_if_there(Inquiry& ask, const std::string& path, std::vector<boot::BootFile>& files) {
  const auto* read = ask.read({.path = path});
  if (read != nullptr && read->content) files.push_back({path, *read->content});
}

std::optional<std::string> text_of(Inquiry& ask, std::string_view path) {
  const auto* read = ask.read({.path = std::string(path)});
  return read == nullptr ? std::nullopt : read->content;
}

bool needs_kernelopts(const boot::BootFile& entry) {
  const auto options = boot::parse_bls_entry(entry.text).options.value_or("$default_kernelopts");
  return boot::uses_variable(options, "kernelopts") ||
         boot::uses_variable(options, "default_kernelopts");
}

}  // namespace

std::optional<BootFiles> ask_boot_files(Inquiry& ask, const facts::HostFacts& facts) {
  BootFiles files;
  files.default_grub = text_of(ask, default_grub_path);
  files.kernel_cmdline = text_of(ask, kernel_cmdline_path);
  for (const auto& path : facts.boot.grub_configs) add_if_there(ask, path, files.grub_configs);
  if (!facts.boot.grubenv.empty()) {
    if (auto text = text_of(ask, facts.boot.grubenv)) {
      files.grubenv = boot::BootFile{facts.boot.grubenv, std::move(*text)};
    }
  }
  const auto* entries = ask.list({.path = std::string(bls_directory)});
  if (entries != nullptr && entries->names) {
    for (const auto& name : *entries->names) {
      if (!name.ends_with(".conf")) continue;
      add_if_there(ask, std::string(bls_directory) + "/" + name, files.bls_entries);
    }
  }
  if (ask.open()) return std::nullopt;
  return files;
}

bool boots_bls_entries(const BootFiles& files, const facts::HostFacts& facts) {
  return facts.boot.bls_enabled ||
         std::ranges::any_of(files.grub_configs, [](const boot::BootFile& file) {
           return boot::reads_bls_entries(file.text);
         });
}

base::Result<std::vector<boot::BootEntry>> boot_entries(const BootFiles& files,
                                                        const facts::HostFacts& facts) {
  std::vector<boot::BootEntry> entries;
  for (const auto& file : files.grub_configs) {
    std::ranges::move(boot::grub_cfg_boot_entries(file), std::back_inserter(entries));
  }
  if (!boots_bls_entries(files, facts)) return entries;
  std::optional<boot::Grubenv> grubenv;
  if (files.grubenv && std::ranges::any_of(files.bls_entries, needs_kernelopts)) {
    KONVOY_TRY(grubenv, boot::Grubenv::parse(files.grubenv->text, files.grubenv->path));
  }
  std::string configs;
  for (const auto& file : files.grub_configs) configs += file.text + "\n";
  std::ranges::move(
      boot::bls_boot_entries(files.bls_entries, boot::grub_variables(grubenv, configs)),
      std::back_inserter(entries));
  return entries;
}

}  // namespace konvoy::resource
