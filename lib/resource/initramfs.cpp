#include "resource/initramfs.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "resource/initramfs_content.hpp"

namespace konvoy::resource {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;
/// A generic image (--no-hostonly) of EL8 has 60 to 90 MiB; one for its own host 20 to 35.
constexpr std::uint64_t generic_size = 96 * mebibyte;
constexpr std::uint64_t host_size = 40 * mebibyte;
constexpr std::chrono::seconds dracut_timeout{1800};

/// Fails, and says what is missing, unless lsinitrd finds in "$1" what boot::missing_for_fips()
/// looks for. A module is a line of its own in the list.
constexpr std::string_view check_script = R"(list=$(lsinitrd "$1" 2>/dev/null)
for wanted in '
fips
' sbin/fips.sh -fips-boot.sh -fips-noboot.sh etc/fipsmodules bin/sha512hmac etc/system-fips; do
  case $list in *"$wanted"*) ;; *) echo "the new initramfs lacks $wanted" >&2; exit 1 ;; esac
done)";

std::string temporary_path(const std::string& release) {
  return fmt::format("/boot/.konvoy-{}.img", release);
}

/// dracut for exactly this kernel. In an image root the machine that builds must leave no trace: a
/// generic image. The driver of /boot's file system is needed before the root file system is there.
std::vector<std::string> dracut_command(const std::string& release, const facts::HostFacts& facts) {
  std::vector<std::string> argv{"dracut", "--force", "--add", "fips"};
  if (!facts.live) argv.emplace_back("--no-hostonly");
  if (!facts.boot.boot_fs_type.empty()) {
    argv.emplace_back("--add-drivers");
    argv.push_back(facts.boot.boot_fs_type);
  }
  argv.push_back(temporary_path(release));
  argv.push_back(release);
  return argv;
}

Actions rebuild(const std::string& release, const facts::HostFacts& facts, bool leftover,
                const std::string& reason) {
  const auto temporary = temporary_path(release);
  Actions all;
  const auto add = [&](target::Action action, std::string why) {
    all.actions.push_back({std::move(action), std::move(why), {}});
  };
  if (leftover) add(target::Remove{temporary}, "is left from an interrupted run");
  add(
      target::RunCommand{
          .argv = dracut_command(release, facts), .timeout = dracut_timeout, .detached = true},
      reason);
  add(target::RunCommand{.argv = {"/bin/sh", "-c", std::string(check_script), "sh", temporary},
                         .timeout = std::chrono::seconds(120)},
      "only an initramfs that can start FIPS mode may take the place of the old one");
  // coreutils before 8.24 (EL7) ignore the name and flush everything, which is as good.
  add(target::RunCommand{.argv = {"sync", temporary}}, "its bytes must be on the disk first");
  add(target::Rename{temporary, initramfs_path(release)}, "it was checked");
  return all;
}

/// Why the initramfs must be made anew; empty when it is as it ought to be.
std::string reason_for(const InitramfsContent& found) {
  if (!found.there) return "is not there";
  if (!found.content) return found.problem;
  const auto missing = boot::missing_for_fips(*found.content);
  return missing.empty() ? std::string() : "lacks " + base::join(missing, ", ");
}

}  // namespace

std::uint64_t initramfs_room(std::uint64_t old_size, bool live) {
  // The fips module adds modules and libraries: a tenth and some.
  const auto grown = old_size + old_size / 10 + 4 * mebibyte;
  if (old_size == 0) return live ? host_size : generic_size;
  return grown;
}

Decision decide(const FipsInitramfs& initramfs, const facts::HostFacts& facts,
                const Observations& seen) {
  Inquiry ask(seen);
  const auto path = initramfs_path(initramfs.release);
  const auto temporary = temporary_path(initramfs.release);
  const auto* leftover = ask.stat({.path = temporary});
  const auto* old = ask.stat({.path = path, .follow = true});
  const auto found = ask_initramfs(ask, facts, path);
  if (auto open = ask.open()) return *std::move(open);

  const auto reason = reason_for(*found);
  const bool has_leftover = leftover->stat.has_value();
  if (reason.empty()) {
    if (!has_leftover) return Actions{};
    return Actions{{{target::Remove{temporary}, "is left from an interrupted run", {}}}};
  }
  const auto needed = initramfs_room(old->stat ? old->stat->size : 0, facts.live);
  const auto free = facts.boot.free_bytes + (has_leftover ? leftover->stat->size : 0);
  if (facts.boot.free_bytes != 0 && free < needed) {
    return refuse(fmt::format("/boot has {} MiB left; a second initramfs beside '{}' needs {} MiB",
                              free / mebibyte, path, needed / mebibyte),
                  "remove kernels that are not needed: 'dnf remove --oldinstallonly' on release 8, "
                  "'package-cleanup --oldkernels' on release 7");
  }
  return rebuild(initramfs.release, facts, has_leftover, reason);
}

Resource as_resource(FipsInitramfs initramfs) {
  auto name = initramfs_path(initramfs.release);
  return wrap("initramfs", std::move(name), std::move(initramfs));
}

}  // namespace konvoy::resource
