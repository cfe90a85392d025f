#include "facts/boot_layout.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

constexpr std::string_view efi_directory = "/boot/efi/EFI";
constexpr std::string_view entries_directory = "/boot/loader/entries";
constexpr std::string_view default_grub = "/etc/default/grub";
constexpr std::string_view firmware = "/sys/firmware/efi";
// Directories of grub.cfg and grubenv; EL uses the first, others the second.
constexpr std::array grub_directories{"/boot/grub2", "/boot/grub"};
// What distributions call their directory in the EFI system partition.
constexpr std::array known_vendors{"redhat", "centos", "rocky", "almalinux", "oracle", "fedora"};
// The removable-media directory and Red Hat's firmware updater are no vendor of a boot loader.
constexpr std::array not_a_vendor{"BOOT", "boot"};

// A full grub.cfg names its entries within the first 64 KiB even with a long header.
constexpr std::uint64_t config_limit = 64U << 10U;

std::string vendor_directory(std::string_view vendor) {
  return std::string(efi_directory) + "/" + std::string(vendor);
}

void add_directory(std::vector<target::Probe>& all, const std::string& directory) {
  all.emplace_back(target::ReadProbe{.path = directory + "/grub.cfg", .limit = config_limit});
  all.emplace_back(target::StatProbe{directory + "/grubenv"});
}

std::vector<target::Probe> probes(bool live) {
  std::vector<target::Probe> all{target::ListProbe{std::string(efi_directory)},
                                 target::ListProbe{std::string(entries_directory)},
                                 target::ReadProbe{std::string(default_grub)}};
  if (live) all.emplace_back(target::StatProbe{std::string(firmware)});
  for (const auto* directory : grub_directories) add_directory(all, directory);
  for (const auto* vendor : known_vendors) add_directory(all, vendor_directory(vendor));
  return all;
}

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<std::string> vendors(const Answers& answers) {
  auto names = answers.names(efi_directory);
  std::erase_if(names, [](const auto& name) { return is_one_of(not_a_vendor, name); });
  return names;
}

std::vector<target::Probe> more_probes(const Answers& answers) {
  std::vector<target::Probe> all;
  for (const auto& vendor : vendors(answers)) {
    if (!is_one_of(known_vendors, vendor)) add_directory(all, vendor_directory(vendor));
  }
  return all;
}

void find_boot_file_system(HostFacts& facts) {
  const auto boot = std::ranges::find(facts.mounts, "/boot", &Mount::path);
  if (boot == facts.mounts.end()) return;
  facts.boot.separate_boot = true;
  facts.boot.boot_uuid = boot->uuid;
  facts.boot.boot_fs_type = boot->type;
}

void parse(const Answers& answers, HostFacts& facts) {
  auto& boot = facts.boot;
  find_boot_file_system(facts);

  std::vector<std::string> directories(grub_directories.begin(), grub_directories.end());
  for (const auto& vendor : vendors(answers)) directories.push_back(vendor_directory(vendor));
  for (const auto& directory : directories) {
    const auto config = directory + "/grub.cfg";
    if (is_full_grub_config(answers.text(config).value_or(""))) boot.grub_configs.push_back(config);
    const auto environment = directory + "/grubenv";
    if (boot.grubenv.empty() && answers.stat(environment) != nullptr) boot.grubenv = environment;
  }
  // An image may boot both ways: with a vendor's boot loader there, its UEFI files count.
  boot.uefi = facts.live ? answers.stat(firmware) != nullptr : !vendors(answers).empty();
  boot.bls_enabled = parse_bls_enabled(answers.text(default_grub).value_or(""));
  for (const auto& name : answers.names(entries_directory)) {
    if (name.ends_with(".conf")) {
      boot.bls_entries.push_back(std::string(entries_directory) + "/" + name);
    }
  }
}

}  // namespace

bool is_full_grub_config(std::string_view text) {
  return std::ranges::any_of(base::split_lines(text), [](const std::string& line) {
    const auto words = base::split_words(line);
    return !words.empty() && (words[0] == "menuentry" || words[0] == "blscfg");
  });
}

bool parse_bls_enabled(std::string_view text) {
  constexpr std::string_view name = "GRUB_ENABLE_BLSCFG=";
  bool enabled = false;
  for (const auto& line : base::split_lines(text)) {
    const auto assignment = base::trim(line);
    if (!assignment.starts_with(name)) continue;
    auto word = base::replace_all(assignment.substr(name.size()), "\"", "");
    word = base::replace_all(word, "'", "");
    enabled = base::trim(word) == "true";
  }
  return enabled;
}

Family boot_family() {
  return {.probes = probes, .parse = parse, .more_probes = more_probes};
}

}  // namespace konvoy::facts
