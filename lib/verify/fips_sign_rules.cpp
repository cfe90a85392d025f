#include "verify/fips_sign_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "boot/crypto_policy.hpp"
#include "boot/default_grub.hpp"
#include "boot/initramfs.hpp"
#include "boot/kernel_hmac.hpp"
#include "resource/boot_files.hpp"
#include "resource/initramfs_content.hpp"
#include "resource/kernel_arguments.hpp"
#include "resource/kernel_hmac.hpp"
#include "resource/policy_state.hpp"

namespace konvoy::verify {
namespace {

using resource::Inquiry;

Ruling no(std::string because) {
  return {State::no, std::move(because)};
}
Ruling yes(std::string because) {
  return {State::yes, std::move(because)};
}
Ruling unknown(std::string because) {
  return {State::unknown, std::move(because)};
}
Ruling cannot_have(std::string because) {
  return {State::unknown, std::move(because), false};
}
/// Not judged yet: something is still open.
Ruling pending() {
  return {};
}

/// Why a command line does not start FIPS mode on this machine; empty: it does.
std::string argument_problem(std::string_view command_line, const facts::BootLayout& layout) {
  if (boot::find_argument(command_line, "fips") != "1") return "has no fips=1";
  const auto device = boot::find_argument(command_line, "boot");
  if (!layout.separate_boot) {
    return device ? "has boot=, though /boot is in the root file system" : std::string();
  }
  if (!device) return "has no boot=, though /boot is a file system of its own";
  // Other ways to name it are valid, but only the UUID can be compared here.
  if (device->starts_with("UUID=") && !layout.boot_uuid.empty() &&
      *device != "UUID=" + layout.boot_uuid) {
    return fmt::format("has boot={}, but /boot is UUID={}", *device, layout.boot_uuid);
  }
  return {};
}

std::string kernels_of(std::size_t count) {
  return count == 1 ? std::string("the only kernel") : fmt::format("all {} kernels", count);
}

}  // namespace

Ruling judge_configured(Inquiry& ask, const facts::HostFacts& facts) {
  const auto files = resource::ask_boot_files(ask, facts);
  if (!files) return pending();
  const auto entries = resource::boot_entries(*files, facts);
  if (!entries) return unknown(entries.error().message());
  if (entries->empty()) return unknown("no boot entry was found");
  for (const auto& entry : *entries) {
    const auto problem = argument_problem(entry.command_line, facts.boot);
    if (!problem.empty()) return no(fmt::format("the boot entry '{}' {}", entry.source, problem));
  }
  if (files->default_grub) {
    const auto later = boot::default_grub_arguments(*files->default_grub, "/etc/default/grub");
    if (!later) return unknown(later.error().message());
    if (boot::find_argument(later->value_or(""), "fips") != "1") {
      return no(
          "GRUB_CMDLINE_LINUX in /etc/default/grub has no fips=1: the next grub2-mkconfig "
          "takes it away");
    }
  }
  return yes(fmt::format("{} of {} boot entries have fips=1 and the right boot=", entries->size(),
                         entries->size()));
}

Ruling judge_running(Inquiry& /*ask*/, const facts::HostFacts& facts) {
  if (!facts.live) return cannot_have("nothing runs in an image");
  if (!facts.fips_enabled) {
    return no(
        "the running kernel has no /proc/sys/crypto/fips_enabled: it is built without FIPS "
        "mode");
  }
  const bool asked = boot::find_argument(facts.kernel_command_line, "fips") == "1";
  if (!*facts.fips_enabled) {
    return no(asked ? "fips_enabled is 0, though the kernel was started with fips=1"
                    : "fips_enabled is 0: the kernel was started without fips=1");
  }
  if (!asked) return no("fips_enabled is 1, but /proc/cmdline has no fips=1");
  return yes("fips_enabled is 1, and the kernel was started with fips=1");
}

Ruling judge_initramfs(Inquiry& ask, const facts::HostFacts& facts) {
  if (facts.kernels.empty()) return unknown("no installed kernel was found");
  Ruling worst = yes("that of " + kernels_of(facts.kernels.size()) + " has dracut's fips module");
  for (const auto& kernel : facts.kernels) {
    const auto path = resource::initramfs_path(kernel.release);
    const auto found = resource::ask_initramfs(ask, facts, path);
    if (!found || worst.state == State::no) continue;
    if (!found->there) {
      worst = no(fmt::format("'{}' is not there", path));
    } else if (!found->content) {
      worst = unknown(found->problem);
    } else if (const auto missing = boot::missing_for_fips(*found->content); !missing.empty()) {
      worst = no(fmt::format("'{}' lacks {}", path, base::join(missing, ", ")));
    }
  }
  return worst;
}

Ruling judge_policy(Inquiry& ask, const facts::HostFacts& facts) {
  if (facts.major_version < 8) return cannot_have("release 7 has no system-wide crypto policy");
  const auto state = resource::ask_policy_state(ask);
  if (!state) return pending();
  if (state->config.empty())
    return no("there is no crypto policy: crypto-policies is not installed");
  if (!boot::is_fips_policy(state->config)) {
    return no(fmt::format("the configured policy is '{}'", state->config));
  }
  const auto problem = resource::policy_problem(*state, state->config);
  if (!problem.empty()) return no(problem);
  return yes(fmt::format("'{}' is configured and in force", state->config));
}

Ruling judge_files(Inquiry& ask, const facts::HostFacts& facts) {
  const auto* marker = ask.stat({.path = "/etc/system-fips"});
  const std::string conf = "dracut.conf.d/40-fips.conf";
  const auto* ours = ask.stat({.path = "/etc/" + conf});
  const auto* packaged = ask.stat({.path = "/usr/lib/dracut/" + conf});
  std::set<std::string> images;
  for (const auto& kernel : facts.kernels) images.insert(kernel.image);
  if (const auto files = resource::ask_boot_files(ask, facts)) {
    const auto entries = resource::boot_entries(*files, facts);
    for (const auto& entry : entries ? *entries : std::vector<boot::BootEntry>()) {
      images.insert(entry.image);
    }
  }
  std::string problem;
  for (const auto& image : images) {
    const auto* file = ask.read({.path = boot::kernel_hmac_path(image)});
    const auto actual = resource::ask_image_hmac(ask, facts, image);
    if (file == nullptr || !actual || !problem.empty()) continue;
    problem = resource::hmac_problem(file->content, image, *actual);
  }
  if (ask.open()) return pending();
  if (!marker->stat) return no("'/etc/system-fips' is not there");
  if (!ours->stat && !packaged->stat) {
    return no("'/etc/" + conf +
              "' is not there: the initramfs of the next kernel lacks the module");
  }
  if (images.empty()) return unknown("no installed kernel was found");
  if (!problem.empty()) return no(problem);
  return yes("/etc/system-fips is there, and " + kernels_of(images.size()) +
             (images.size() == 1 ? " fits its checksum file" : " fit their checksum files"));
}

Ruling judge_packages(Inquiry& /*ask*/, const facts::HostFacts& facts) {
  if (facts.packages.empty()) return unknown("the rpm database is empty or could not be read");
  std::vector<std::string> wanted{"dracut", "crypto-policies", "openssl"};
  if (facts.major_version < 8) {
    wanted = {"dracut-fips", "openssl"};
    const bool aes = std::ranges::find(facts.cpu_flags, "aes") != facts.cpu_flags.end();
    if (facts.live && aes) wanted.emplace_back("dracut-fips-aesni");
  }
  std::vector<std::string> missing;
  for (const auto& name : wanted) {
    if (!facts.packages.contains(name)) missing.push_back(name);
  }
  if (!missing.empty()) return no("not installed: " + base::join(missing, ", "));
  return yes("installed: " + base::join(wanted, ", "));
}

}  // namespace konvoy::verify
