#include "plan/fips.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "boot/command_line.hpp"
#include "boot/crypto_policy.hpp"
#include "resource/crypto_policy.hpp"
#include "resource/file.hpp"
#include "resource/fips_preflight.hpp"
#include "resource/host_keys.hpp"
#include "resource/initramfs.hpp"
#include "resource/kernel_arguments.hpp"
#include "resource/kernel_hmac.hpp"
#include "resource/package_set.hpp"
#include "resource/prelink.hpp"

namespace konvoy::plan {
namespace {

// Both texts are those of EL8's fips-finish-install; auditors look for the first file by its being
// there, for the second by its line (ComplianceAsCode, enable_dracut_fips_module).
constexpr std::string_view system_fips_text = "# FIPS module installation complete\n";
constexpr std::string_view dracut_text = "# turn on fips module\n\nadd_dracutmodules+=\" fips \"\n";

std::optional<bool> as_flag(const value::Value& value) {
  if (const auto* flag = value.boolean()) return *flag;
  if (const auto* text = value.string()) {
    const auto word = base::to_lower(*text);
    if (word == "true" || word == "yes" || word == "1") return true;
    if (word == "false" || word == "no" || word == "0") return false;
  }
  return std::nullopt;
}

/// Reads the keys of the map and collects what is wrong.
struct Reader {
  const value::Value& settings;
  std::vector<base::Diagnostic> problems;

  const value::Value* find(std::string_view key) const {
    const auto* found = settings.is_map() ? settings.map()->find(key) : nullptr;
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  void flag(std::string_view key, bool& into) {
    const auto* found = find(key);
    if (found == nullptr) return;
    if (const auto flag = as_flag(*found)) {
      into = *flag;
      return;
    }
    problems.push_back({.message = fmt::format("'fips.{}' must be true or false, it is {}", key,
                                               value::name_of(found->kind())),
                        .span = found->span()});
  }
};

void read_policy(Reader& reader, FipsMode& mode) {
  const auto* found = reader.find("crypto_policy");
  if (found == nullptr) return;
  const auto* text = found->string();
  if (text == nullptr) {
    reader.problems.push_back(
        {.message = fmt::format("'fips.crypto_policy' must be a text, it is "
                                "{}",
                                value::name_of(found->kind())),
         .span = found->span(),
         .hint = "use 'FIPS', or 'FIPS' with sub-policies as in 'FIPS:OSPP'"});
    return;
  }
  if (const auto valid = boot::check_fips_policy(*text); !valid) {
    auto problem = valid.error().diagnostics.front();
    problem.span = found->span();
    reader.problems.push_back(std::move(problem));
    return;
  }
  mode.crypto_policy = {*text, found->span()};
}

/// Collects steps with the reason that all of them share.
class Steps {
 public:
  explicit Steps(base::SourceSpan source) : source_(std::move(source)) {}

  void add(std::string id, resource::Resource what, std::string reason,
           std::vector<std::string> after = {}) {
    all_.push_back(
        {"fips/" + std::move(id), std::move(what), {std::move(reason), source_}, std::move(after)});
  }
  [[nodiscard]] std::vector<Step> take() { return std::move(all_); }

 private:
  base::SourceSpan source_;
  std::vector<Step> all_;
};

bool wants_aesni(const facts::HostFacts& facts) {
  // What an image will run on is not known; the module does no harm without the instructions.
  return facts.architecture == "x86_64" &&
         (!facts.live || std::ranges::find(facts.cpu_flags, "aes") != facts.cpu_flags.end());
}

void add_el7(Steps& steps, const FipsMode& mode, const facts::HostFacts& facts) {
  steps.add("prelink", as_resource(resource::PrelinkOff{}),
            "prelinked libraries fail the self tests of FIPS mode");
  std::vector<resource::Package> packages{{.name = "dracut-fips"}};
  if (wants_aesni(facts)) packages.push_back({.name = "dracut-fips-aesni"});
  steps.add(
      "packages",
      as_resource(resource::PackageSet{std::move(packages), mode.only_repository}, "dracut-fips"),
      "on release 7 they bring dracut's fips module and turn it on");
}

void add_el8(Steps& steps, const FipsMode& mode) {
  steps.add("dracut",
            as_resource(resource::File{.path = "/etc/dracut.conf.d/40-fips.conf",
                                       .content = std::string(dracut_text),
                                       .ownership = {.mode = 0644}}),
            "every initramfs, also of a later kernel, needs dracut's fips module");
  steps.add("crypto-policy", as_resource(resource::CryptoPolicy{mode.crypto_policy.value}),
            "programs must offer what is allowed in FIPS mode only");
}

void add_system_fips(Steps& steps, const facts::HostFacts& facts) {
  // On release 7 the file belongs to dracut-fips, which ships it empty: being there is all.
  steps.add("system-fips",
            as_resource(resource::File{.path = "/etc/system-fips",
                                       .content = std::string(system_fips_text),
                                       .ownership = {.mode = 0644},
                                       .only_when_absent = facts.major_version < 8}),
            "programs and dracut take it as the sign that the FIPS modules are complete");
}

void add_kernels(Steps& steps, const facts::HostFacts& facts) {
  for (const auto& kernel : facts.kernels) {
    steps.add("initramfs-" + kernel.release, as_resource(resource::FipsInitramfs{kernel.release}),
              "the self tests and the check of the kernel run before the root file system is there",
              {facts.major_version < 8 ? "fips/packages" : "fips/dracut", "fips/system-fips"});
  }
  for (const auto& kernel : facts.kernels) {
    steps.add("hmac-" + kernel.release,
              as_resource(resource::KernelHmac{kernel.release, kernel.image}),
              "a kernel that does not fit its checksum does not start in FIPS mode");
  }
  steps.add("hmac-rescue", as_resource(resource::RescueKernelHmac{}),
            "the rescue entry gets fips=1 like every other one");
}

}  // namespace

base::Result<FipsMode> decode_fips_mode(const value::Value& settings) {
  Reader reader{.settings = settings, .problems = {}};
  FipsMode mode;
  if (const auto* configure = reader.find("configure")) mode.source = configure->span();
  reader.flag("regenerate_host_keys", mode.regenerate_host_keys);
  reader.flag("reboot", mode.reboot);
  read_policy(reader, mode);
  if (!reader.problems.empty()) {
    return base::Error(base::ErrorKind::input, std::move(reader.problems));
  }
  return mode;
}

base::Result<void> check_accepted_risks(const std::set<std::string>& risks) {
  const auto known = resource::fips_risks();
  for (const auto& risk : risks) {
    if (std::ranges::find(known, risk) != known.end()) continue;
    return base::Error(base::ErrorKind::usage, fmt::format("there is no risk '{}' to accept", risk),
                       fmt::format("the risks are {}", base::join(known, ", ")));
  }
  return {};
}

Step plan_fips_preflight(const FipsMode& mode) {
  return {std::string(fips_preflight_step),
          as_resource(resource::FipsPreflight{mode.accepted_risks, mode.regenerate_host_keys}),
          {"a machine that could not boot in FIPS mode, or lock its users out, is not touched",
           mode.source}};
}

std::vector<Step> plan_fips(const FipsMode& mode, const facts::HostFacts& facts) {
  Steps steps(mode.source);
  if (facts.major_version < 8) add_el7(steps, mode, facts);
  add_system_fips(steps, facts);
  if (facts.major_version >= 8) add_el8(steps, mode);
  if (mode.regenerate_host_keys) {
    steps.add("host-keys", as_resource(resource::HostKeysAbsent{}),
              "keys of a FIPS machine are made in FIPS mode");
  }
  add_kernels(steps, facts);
  steps.add("kernel-arguments",
            as_resource(resource::KernelArguments{resource::fips_arguments(facts.boot)}),
            "the next boot is in FIPS mode");
  return steps.take();
}

std::optional<base::Diagnostic> fips_left_alone(const facts::HostFacts& facts) {
  const bool runs = facts.fips_enabled.value_or(false) ||
                    boot::find_argument(facts.kernel_command_line, "fips") == "1";
  if (!runs && !boot::is_fips_policy(facts.crypto_policy)) return std::nullopt;
  return base::Diagnostic{
      .severity = base::Severity::warning,
      .message =
          fmt::format("this machine {} FIPS mode, which the configuration has off: nothing of "
                      "that is changed",
                      runs ? "runs in" : "is set up for"),
      .hint = "there is no supported way back; install the machine anew to leave FIPS mode"};
}

}  // namespace konvoy::plan
