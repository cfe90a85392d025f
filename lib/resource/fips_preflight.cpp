#include "resource/fips_preflight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "resource/host_keys.hpp"
#include "resource/initramfs.hpp"
#include "resource/initramfs_content.hpp"
#include "resource/inquiry.hpp"

namespace konvoy::resource {
namespace {

constexpr std::uint64_t mebibyte = 1U << 20U;

/// Prints the types of the keys that may log in as who we are (before sudo), one a line.
constexpr std::string_view login_keys_script =
    R"(user=${SUDO_USER:-$(id -un)}; home=$(getent passwd "$user" | cut -d: -f6)
cat "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2" 2>/dev/null |
  grep -oE '(^|[ ,"])(sk-)?(ssh-|ecdsa-)[a-z0-9@.-]+ AAAA' | sed 's/^[^a-z]*//; s/ AAAA$//')";

/// Prints the key derivation of every slot of every LUKS volume.
constexpr std::string_view luks_script =
    R"(for device in $(blkid -t TYPE=crypto_LUKS -o device 2>/dev/null); do
  cryptsetup luksDump "$device" 2>/dev/null | sed -n "s|^[[:space:]]*PBKDF:[[:space:]]*|$device |p"
done)";

struct Problem {
  std::string_view risk;
  std::string message;
  std::string hint;
};
using Problems = std::vector<Problem>;

std::vector<std::string> output_lines(const target::CommandAnswer& answer) {
  return base::split_lines(answer.out);
}

target::CommandProbe shell(std::string_view script) {
  return {.argv = {"/bin/sh", "-c", std::string(script)}};
}

bool is_refused_key_type(const std::string& type) {
  return type.find("ed25519") != std::string::npos || type == "ssh-dss";
}

void check_login_keys(Inquiry& ask, Problems& problems) {
  const auto* answer = ask.command(shell(login_keys_script));
  if (answer == nullptr) return;
  const auto types = output_lines(*answer);
  if (types.empty() || !std::ranges::all_of(types, is_refused_key_type)) return;
  problems.push_back(
      {risk_login_key,
       fmt::format("every key that may log in is of a type that sshd refuses in FIPS "
                   "mode ({})",
                   types.front()),
       "add an RSA (2048 bits or more) or ECDSA key to authorized_keys first"});
}

void check_luks(Inquiry& ask, Problems& problems) {
  const auto* answer = ask.command(shell(luks_script));
  if (answer == nullptr) return;
  for (const auto& line : output_lines(*answer)) {
    const auto words = base::split_words(line);
    if (words.size() != 2 || !words[1].starts_with("argon2")) continue;
    problems.push_back(
        {risk_luks,
         fmt::format("the encrypted volume '{}' derives its key with {}, which does "
                     "not exist in FIPS mode",
                     words[0], words[1]),
         fmt::format("convert it: 'cryptsetup luksConvertKey --pbkdf pbkdf2 {}'", words[0])});
  }
}

/// What sshd has to show itself with. No keys at all: they are made at the next start of sshd, of
/// types that are allowed then.
void check_host_keys(Inquiry& ask, Problems& problems) {
  const auto* keys = ask.command(public_host_keys());
  if (keys == nullptr || base::trim(keys->out).empty()) return;
  if (!usable_in_fips_mode(keys->out).empty()) return;
  problems.push_back(
      {risk_host_keys,
       "sshd has no host key that it may use in FIPS mode (ECDSA, or RSA of 2048 bits "
       "or more)",
       "make one: 'ssh-keygen -q -t ecdsa -b 256 -N \"\" -f "
       "/etc/ssh/ssh_host_ecdsa_key'; where sshd_config has HostKey lines, name it there, too"});
}

void check_kernel_support(Inquiry& ask, const facts::HostFacts& facts, Problems& problems) {
  if (facts.kernels.empty()) {
    problems.push_back({risk_kernel, "no installed kernel was found in /boot and /lib/modules",
                        "check that /boot is mounted"});
  }
  for (const auto& kernel : facts.kernels) {
    const auto* config = ask.read({.path = "/boot/config-" + kernel.release});
    if (config == nullptr) continue;
    const bool known = config->content.has_value();
    const bool supported = known
                               ? config->content->find("CONFIG_CRYPTO_FIPS=y") != std::string::npos
                               : !kernel.running || facts.fips_enabled.has_value();
    if (supported) continue;
    problems.push_back({risk_kernel,
                        fmt::format("the kernel {} is built without FIPS mode (CONFIG_CRYPTO_FIPS)",
                                    kernel.release),
                        "boot a kernel of the distribution, or remove this one"});
  }
}

void check_tcrypt(Inquiry& ask, const facts::HostFacts& facts, Problems& problems) {
  constexpr std::array suffixes{"", ".xz", ".gz", ".zst"};
  for (const auto& kernel : facts.kernels) {
    const auto directory = "/lib/modules/" + kernel.release;
    const auto* built_in = ask.read({.path = directory + "/modules.builtin"});
    bool found = built_in != nullptr && built_in->content &&
                 built_in->content->find("/tcrypt.ko") != std::string::npos;
    bool known = built_in != nullptr;
    for (const auto* suffix : suffixes) {
      const auto* stat =
          ask.stat({.path = directory + "/kernel/crypto/tcrypt.ko" + suffix, .follow = true});
      known = known && stat != nullptr;
      found = found || (stat != nullptr && stat->stat);
    }
    if (!known || found) continue;
    problems.push_back(
        {risk_tcrypt,
         fmt::format("the kernel {} has no module tcrypt: its boot in FIPS mode stops "
                     "at the self tests",
                     kernel.release),
         "install the package kernel-modules of this kernel"});
  }
}

/// Room for the largest initramfs once more. Asked only before the first run: whether one must be
/// made later, its own step tells.
void check_room(Inquiry& ask, const facts::HostFacts& facts, Problems& problems) {
  const auto* done = ask.stat({.path = "/etc/system-fips"});
  std::uint64_t needed = 0;
  for (const auto& kernel : facts.kernels) {
    const auto* stat = ask.stat({.path = initramfs_path(kernel.release), .follow = true});
    const auto size = stat != nullptr && stat->stat ? stat->stat->size : 0;
    needed = std::max(needed, initramfs_room(size, facts.live));
  }
  if (done == nullptr || done->stat || facts.boot.free_bytes == 0) return;
  if (facts.boot.free_bytes >= needed) return;
  problems.push_back(
      {risk_boot_room,
       fmt::format("/boot has {} MiB left; a second initramfs needs {} MiB",
                   facts.boot.free_bytes / mebibyte, needed / mebibyte),
       "remove kernels that are not needed: 'dnf remove --oldinstallonly' on release "
       "8, 'package-cleanup --oldkernels' on release 7"});
}

std::optional<Problem> never_possible(const facts::HostFacts& facts) {
  if (facts.architecture == "s390x") {
    return Problem{{},
                   "FIPS mode on s390x is not supported: its boot loader keeps no environment",
                   "use 'fips-mode-setup --enable' and 'zipl' there"};
  }
  if (facts.ostree) {
    return Problem{{},
                   "this is an ostree system: its boot entries and initramfs are not its own files",
                   "set FIPS mode in the image: 'rpm-ostree kargs', or MachineConfig 'fips: true'"};
  }
  if (facts.boot.separate_boot && facts.boot.boot_uuid.empty()) {
    return Problem{{},
                   "the UUID of the file system on /boot is not known",
                   "mount /boot by UUID in /etc/fstab, or make blkid available"};
  }
  return std::nullopt;
}

base::Diagnostic as_diagnostic(const Problem& problem, base::Severity severity) {
  return {.severity = severity, .message = problem.message, .hint = problem.hint};
}

/// One diagnostic that holds all: the first, with the others as its notes.
Refusal refuse_all(const Problems& problems) {
  auto first = as_diagnostic(problems.front(), base::Severity::error);
  for (std::size_t i = 1; i < problems.size(); ++i) {
    first.notes.push_back(
        {.message = fmt::format("{}; {}", problems[i].message, problems[i].hint)});
  }
  std::vector<std::string> risks;
  for (const auto& problem : problems) {
    if (std::ranges::find(risks, problem.risk) == risks.end()) risks.emplace_back(problem.risk);
  }
  first.notes.push_back(
      {.message = "to go on all the same: --accept-risk " + base::join(risks, " --accept-risk ")});
  return {first};
}

void add_key_warning(const FipsPreflight& preflight, const facts::HostFacts& facts,
                     Actions& actions) {
  if (!facts.live || preflight.regenerate_host_keys) return;
  actions.warnings.push_back(
      {.severity = base::Severity::warning,
       .message = "keys made before FIPS mode stay in use (ssh host keys, Kubernetes PKI, LUKS)",
       .hint = "where strict compliance is asked for, make them anew in FIPS mode; "
               "fips.regenerate_host_keys does it for those of sshd"});
}

}  // namespace

std::vector<std::string> fips_risks() {
  std::vector<std::string> all;
  for (const auto risk : {risk_boot_room, risk_host_keys, risk_joined_node, risk_kernel,
                          risk_login_key, risk_luks, risk_tcrypt}) {
    all.emplace_back(risk);
  }
  return all;
}

Decision decide(const FipsPreflight& preflight, const facts::HostFacts& facts,
                const Observations& seen) {
  if (const auto never = never_possible(facts)) return refuse(never->message, never->hint);
  if (facts.live && facts.fips_enabled.value_or(false)) return Actions{};
  Problems problems;
  Inquiry ask(seen);
  check_kernel_support(ask, facts, problems);
  check_tcrypt(ask, facts, problems);
  check_host_keys(ask, problems);
  check_room(ask, facts, problems);
  if (facts.live) {
    check_login_keys(ask, problems);
    check_luks(ask, problems);
  }
  if (auto open = ask.open()) return *std::move(open);
  if (facts.joined_cluster) {
    problems.insert(problems.begin(),
                    {risk_joined_node,
                     "this node has joined a cluster: FIPS mode cannot be applied to an existing "
                     "cluster",
                     "make new nodes in FIPS mode, and move the workload there"});
  }
  Actions actions;
  for (const auto& problem : problems) {
    if (preflight.accepted_risks.contains(std::string(problem.risk))) {
      actions.warnings.push_back(as_diagnostic(problem, base::Severity::warning));
    }
  }
  std::erase_if(problems, [&](const Problem& problem) {
    return preflight.accepted_risks.contains(std::string(problem.risk));
  });
  if (!problems.empty()) return refuse_all(problems);
  add_key_warning(preflight, facts, actions);
  return actions;
}

Resource as_resource(FipsPreflight preflight) {
  return wrap("fips_preflight", "FIPS mode", std::move(preflight));
}

}  // namespace konvoy::resource
