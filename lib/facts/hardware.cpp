#include "facts/hardware.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

constexpr std::string_view meminfo = "/proc/meminfo";
constexpr std::string_view online = "/sys/devices/system/cpu/online";
constexpr std::string_view cpuinfo = "/proc/cpuinfo";

std::vector<target::Probe> probes(bool live) {
  if (!live) return {};
  // One processor's paragraph of cpuinfo is enough; a machine may have hundreds of them.
  return {target::ReadProbe{std::string(meminfo)}, target::ReadProbe{std::string(online)},
          target::ReadProbe{.path = std::string(cpuinfo), .limit = 8192}};
}

void parse(const Answers& answers, HostFacts& facts) {
  const auto memory = answers.text(meminfo).value_or("");
  facts.memory_bytes = parse_meminfo(memory, "MemTotal");
  facts.swap_bytes = parse_meminfo(memory, "SwapTotal");
  facts.cpus = parse_cpu_list(answers.text(online).value_or(""));
  facts.cpu_flags = parse_cpu_flags(answers.text(cpuinfo).value_or(""));
}

}  // namespace

std::uint64_t parse_meminfo(std::string_view text, std::string_view key) {
  for (const auto& line : base::split_lines(text)) {
    const auto words = base::split_words(line);
    if (words.size() < 2 || words[0] != std::string(key) + ":") continue;
    std::uint64_t kibibytes = 0;
    std::from_chars(words[1].data(), words[1].data() + words[1].size(), kibibytes);
    return kibibytes * 1024U;
  }
  return 0;
}

int parse_cpu_list(std::string_view text) {
  int count = 0;
  for (const auto& range : base::split(base::trim(text), ',')) {
    int first = 0;
    const char* end = range.data() + range.size();
    const auto [rest, error] = std::from_chars(range.data(), end, first);
    if (error != std::errc()) continue;
    int last = first;
    if (rest != end && *rest == '-') std::from_chars(rest + 1, end, last);
    constexpr int more_than_any_kernel_counts = 1 << 16;
    if (first < 0 || last < first || last > more_than_any_kernel_counts) continue;
    count = std::min(count + last - first + 1, more_than_any_kernel_counts);
  }
  return count;
}

std::vector<std::string> parse_cpu_flags(std::string_view text) {
  for (const auto& line : base::split_lines(text)) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto key = base::trim(std::string_view(line).substr(0, colon));
    if (key == "flags" || key == "Features") {
      return base::split_words(std::string_view(line).substr(colon + 1));
    }
  }
  return {};
}

Family hardware_family() {
  return {.probes = probes, .parse = parse};
}

}  // namespace konvoy::facts
