// The running system: its name, init, boot, clock, and whether it is part of a cluster.
#include <charconv>

#include "base/text.hpp"
#include "facts/family.hpp"

namespace konvoy::facts {
namespace {

constexpr std::string_view kernel_hostname = "/proc/sys/kernel/hostname";
constexpr std::string_view configured_hostname = "/etc/hostname";
constexpr std::string_view init_name = "/proc/1/comm";
constexpr std::string_view init_stat = "/proc/1/stat";
constexpr std::string_view kernel_boot_id = "/proc/sys/kernel/random/boot_id";
constexpr std::string_view systemd_runs = "/run/systemd/system";  // sd_booted(3)
constexpr std::string_view kubelet_config = "/etc/kubernetes/kubelet.conf";
constexpr std::string_view etcd_data = "/var/lib/etcd/member";

const std::vector<std::string>& clock_command() {
  static const std::vector<std::string> argv{"date", "+%s"};
  return argv;
}

std::vector<target::Probe> probes(bool live) {
  std::vector<target::Probe> all{target::StatProbe{std::string(kubelet_config)},
                                 target::StatProbe{std::string(etcd_data)}};
  if (!live) {
    all.emplace_back(target::ReadProbe{std::string(configured_hostname)});
    return all;
  }
  for (const auto path : {kernel_hostname, init_name, init_stat, kernel_boot_id}) {
    all.emplace_back(target::ReadProbe{std::string(path)});
  }
  all.emplace_back(target::StatProbe{std::string(systemd_runs)});
  all.emplace_back(target::CommandProbe{clock_command()});
  return all;
}

// Field 22 of /proc/PID/stat (proc_pid_stat(5)), counted from the name's closing parenthesis, for a
// name may hold blanks: that is field 2.
std::string start_time(std::string_view stat) {
  const auto close = stat.rfind(')');
  if (close == std::string_view::npos) return {};
  const auto fields = base::split_words(stat.substr(close + 1));
  constexpr std::size_t after_name = 22 - 3;
  return fields.size() > after_name ? fields[after_name] : std::string();
}

std::string init_of(const Answers& answers) {
  if (answers.stat(systemd_runs) != nullptr) return "systemd";
  const auto name = answers.line(init_name);
  // In a chroot pid 1 is the outer system's systemd, which can't be asked from there.
  return name == "systemd" || name.empty() ? "none" : name;
}

void parse(const Answers& answers, HostFacts& facts) {
  facts.joined_cluster =
      answers.stat(kubelet_config) != nullptr || answers.stat(etcd_data) != nullptr;
  facts.hostname = answers.line(facts.live ? kernel_hostname : configured_hostname);
  if (!facts.live) return;
  facts.init = init_of(answers);
  // A container keeps its machine's boot id when it restarts; its pid 1 does not.
  facts.boot_id =
      answers.line(kernel_boot_id) + "+" + start_time(answers.text(init_stat).value_or(""));
  const auto seconds = base::trim(answers.output(clock_command()));
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), facts.time);
}

}  // namespace

Family system_family() {
  return {.probes = probes, .parse = parse};
}

}  // namespace konvoy::facts
