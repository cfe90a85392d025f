// The kernels that are installed, the one that runs, and the architecture.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

constexpr std::string_view running_release = "/proc/sys/kernel/osrelease";
constexpr std::string_view command_line = "/proc/cmdline";
constexpr std::string_view modules = "/lib/modules";
constexpr std::string_view boot = "/boot";
// A program that every system has, to read its architecture from in an image of another one.
constexpr std::string_view any_program = "/bin/sh";

const std::vector<std::string>& machine_command() {
  static const std::vector<std::string> argv{"uname", "-m"};
  return argv;
}

std::vector<target::Probe> probes(bool live) {
  std::vector<target::Probe> all{target::ListProbe{std::string(modules)},
                                 target::ListProbe{std::string(boot)}};
  if (live) {
    all.emplace_back(target::ReadProbe{std::string(running_release)});
    all.emplace_back(target::ReadProbe{std::string(command_line)});
    all.emplace_back(target::CommandProbe{machine_command()});
  } else {
    all.emplace_back(target::ReadProbe{.path = std::string(any_program), .limit = 20});
  }
  return all;
}

// e_machine of the ELF header: two bytes at offset 18 (System V ABI; both are little-endian).
std::string architecture_of_program(std::string_view bytes) {
  if (bytes.size() < 20 || !bytes.starts_with("\x7f"
                                              "ELF")) {
    return {};
  }
  constexpr unsigned x86_64 = 62;
  constexpr unsigned aarch64 = 183;
  const unsigned machine = static_cast<unsigned char>(bytes[18]) +
                           (static_cast<unsigned>(static_cast<unsigned char>(bytes[19])) << 8U);
  if (machine == x86_64) return "x86_64";
  return machine == aarch64 ? "aarch64" : "e_machine " + std::to_string(machine);
}

void parse(const Answers& answers, HostFacts& facts) {
  facts.running_kernel = answers.line(running_release);
  facts.kernel_command_line = answers.line(command_line);
  facts.architecture = facts.live ? std::string(base::trim(answers.output(machine_command())))
                                  : architecture_of_program(answers.text(any_program).value_or(""));
  const auto images = answers.names(boot);
  for (const auto& release : answers.names(modules)) {
    const auto image = "vmlinuz-" + release;
    if (std::ranges::find(images, image) == images.end()) continue;
    facts.kernels.push_back({.release = release,
                             .image = "/boot/" + image,
                             .running = release == facts.running_kernel});
  }
  std::ranges::stable_sort(facts.kernels, [](const Kernel& a, const Kernel& b) {
    return base::compare_versions(a.release, b.release) < 0;
  });
}

}  // namespace

Family kernel_family() {
  return {.probes = probes, .parse = parse};
}

}  // namespace konvoy::facts
