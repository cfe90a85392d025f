#include "resource/kernel_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/text_diff.hpp"
#include "boot/bls_entry.hpp"
#include "boot/default_grub.hpp"
#include "boot/grub_cfg.hpp"
#include "boot/grubenv.hpp"
#include "resource/boot_files.hpp"

namespace konvoy::resource {
namespace {

/// A file that must be written: what it is and what it must become.
struct Change {
  std::string path;
  std::optional<std::string> before;
  std::string after;
  bool in_place = false;
};
using Changes = std::vector<Change>;

void add_change(Changes& changes, const std::string& path, const std::optional<std::string>& before,
                std::string after) {
  if (before != after) changes.push_back({path, before, std::move(after)});
}

/// The arguments for all entries that use $kernelopts where grubenv does not say them.
std::optional<std::string> fallback_arguments(const BootFiles& files) {
  for (const auto& config : files.grub_configs) {
    for (const std::string_view name : {"kernelopts", "default_kernelopts"}) {
      if (auto found = boot::fallback_variable(config.text, name)) return found;
    }
  }
  return std::nullopt;
}

bool any_uses_kernelopts(const BootFiles& files) {
  return std::ranges::any_of(files.bls_entries, [](const boot::BootFile& entry) {
    const auto options = boot::parse_bls_entry(entry.text).options;
    return options && boot::uses_variable(*options, "kernelopts");
  });
}

base::Error no_arguments_known() {
  return {base::ErrorKind::input,
          "the boot entries take their arguments from $kernelopts, which neither grubenv nor "
          "grub.cfg sets",
          "set it with 'grub2-editenv - set kernelopts=...', or run 'grub2-mkconfig'"};
}

base::Result<void> change_grubenv(const KernelArguments& wanted, const BootFiles& files,
                                  Changes& changes) {
  const bool needed = any_uses_kernelopts(files);
  const auto fallback = fallback_arguments(files);
  if (!files.grubenv) {
    if (needed && !fallback) return no_arguments_known();
    return {};
  }
  KONVOY_TRY(auto block, boot::Grubenv::parse(files.grubenv->text, files.grubenv->path));
  auto arguments = block.find("kernelopts");
  if (!arguments || arguments->empty()) {
    if (!needed) return {};
    if (!fallback) return no_arguments_known();
    arguments = fallback;
  }
  KONVOY_CHECK(block.set("kernelopts", boot::change_arguments(*arguments, wanted.changes)));
  const auto after = block.render();
  if (after != files.grubenv->text) {
    changes.push_back({files.grubenv->path, files.grubenv->text, after, true});
  }
  return {};
}

/// All changes in the order in which they must be made.
base::Result<Changes> plan_changes(const KernelArguments& wanted, const BootFiles& files,
                                   bool uses_bls) {
  Changes changes;
  const std::string default_grub(default_grub_path);
  KONVOY_TRY(auto text, boot::change_default_grub(files.default_grub.value_or(""), default_grub,
                                                  wanted.changes));
  add_change(changes, default_grub, files.default_grub, std::move(text));
  if (files.kernel_cmdline) {
    add_change(changes, std::string(kernel_cmdline_path), files.kernel_cmdline,
               boot::change_arguments(*files.kernel_cmdline, wanted.changes));
  }
  for (const auto& [path, before] : files.grub_configs) {
    KONVOY_TRY(auto after, boot::change_grub_cfg(before, path, wanted.changes));
    add_change(changes, path, before, std::move(after));
  }
  for (const auto& [path, before] : files.bls_entries) {
    KONVOY_TRY(auto after, boot::change_bls_entry(before, path, wanted.changes));
    add_change(changes, path, before, std::move(after));
  }
  if (uses_bls || any_uses_kernelopts(files)) KONVOY_CHECK(change_grubenv(wanted, files, changes));
  return changes;
}

std::string backup_path(const Change& change) {
  return change.path + std::string(backup_suffix);
}

std::string reason_of(const std::vector<boot::ArgumentChange>& changes) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : changes) {
    parts.push_back(value ? fmt::format("{}={} must be there", key, *value)
                          : fmt::format("{} must not be there", key));
  }
  return base::join(parts, ", ");
}

/// A diff that shows no filler of a block.
std::string diff_of(const Change& change) {
  const auto visible = [&](std::string_view text) {
    return change.in_place ? std::string(text.substr(0, text.find_last_not_of('#') + 1))
                           : std::string(text);
  };
  return base::unified_diff(change.path, visible(change.before.value_or("")),
                            visible(change.after));
}

void add_actions(const Change& change, const target::FileStat& now, bool has_backup,
                 std::string_view reason, Actions& actions) {
  if (change.before && !has_backup) {
    actions.actions.push_back({.action = target::WriteFile{.path = backup_path(change),
                                                           .content = base::Secret(*change.before),
                                                           .ownership = {.mode = now.mode}},
                               .reason = "the file is about to be changed for the first time"});
  }
  actions.actions.push_back({.action = target::WriteFile{.path = change.path,
                                                         .content = base::Secret(change.after),
                                                         .follow_link = true,
                                                         .in_place = change.in_place},
                             .reason = std::string(reason),
                             .diff = diff_of(change)});
}

bool runs_with(const facts::HostFacts& facts, const std::vector<boot::ArgumentChange>& changes) {
  return std::ranges::all_of(changes, [&](const boot::ArgumentChange& change) {
    return boot::find_argument(facts.kernel_command_line, change.key) == change.value;
  });
}

std::vector<base::Diagnostic> warnings_for(const facts::HostFacts& facts, bool uses_bls) {
  if (facts.major_version < 8 || uses_bls) return {};
  return {{.severity = base::Severity::warning,
           .message = "GRUB_ENABLE_BLSCFG is off: the menu entries in grub.cfg were changed, as on "
                      "release 7",
           .hint = "set GRUB_ENABLE_BLSCFG=true and run 'grub2-switch-to-blscfg' to have new "
                   "kernels take their arguments from grubenv"}};
}

Decision decide_with(const KernelArguments& wanted, const facts::HostFacts& facts,
                     const BootFiles& files, Inquiry& ask) {
  const bool uses_bls = boots_bls_entries(files, facts);
  const auto entries = boot_entries(files, facts);
  if (!entries) return Refusal{entries.error().diagnostics.front()};
  if (entries->empty()) {
    return refuse("no boot entry was found: there is nothing to give kernel arguments to",
                  "check that /boot is mounted, or that the image has a kernel and a boot loader");
  }
  const auto changes = plan_changes(wanted, files, uses_bls);
  if (!changes) {
    auto problems = changes.error().diagnostics;
    for (std::size_t i = 1; i < problems.size(); ++i) {
      problems[0].notes.push_back({.message = problems[i].message});
    }
    return Refusal{problems[0]};
  }
  std::vector<std::pair<const target::StatAnswer*, const target::StatAnswer*>> stats;
  for (const auto& change : *changes) {
    stats.emplace_back(ask.stat({.path = change.path, .follow = true}),
                       ask.stat({.path = backup_path(change)}));
  }
  if (auto open = ask.open()) return *std::move(open);
  Actions actions{.warnings = warnings_for(facts, uses_bls)};
  const auto reason = reason_of(wanted.changes);
  for (std::size_t i = 0; i < changes->size(); ++i) {
    add_actions((*changes)[i], stats[i].first->stat.value_or(target::FileStat{.mode = 0644}),
                stats[i].second->stat.has_value(), reason, actions);
  }
  actions.needs_reboot = facts.live && !runs_with(facts, wanted.changes);
  return actions;
}

}  // namespace

Decision decide(const KernelArguments& arguments, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto files = ask_boot_files(ask, facts);
  if (!files) return *ask.open();
  return decide_with(arguments, facts, *files, ask);
}

Resource as_resource(KernelArguments arguments) {
  std::vector<std::string> names;
  for (const auto& [key, value] : arguments.changes) {
    names.push_back(value ? key + "=" + *value : "no " + key);
  }
  return wrap("kernel_arguments", base::join(names, " "), std::move(arguments));
}

std::vector<boot::ArgumentChange> fips_arguments(const facts::BootLayout& layout) {
  std::optional<std::string> device;
  if (layout.separate_boot) device = "UUID=" + layout.boot_uuid;
  return {{"fips", "1"}, {"boot", std::move(device)}};
}

}  // namespace konvoy::resource
