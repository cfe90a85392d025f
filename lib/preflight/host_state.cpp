#include "preflight/host_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "facts/answers.hpp"
#include "facts/gather.hpp"
#include "system/clock.hpp"

namespace konvoy::preflight {
namespace {

// kubeadm writes it when a node joins; konvoy-image never does.
constexpr std::string_view kubeadm_mark = "/var/lib/kubelet/config.yaml";
constexpr std::string_view volumes = "/mnt/disks";
constexpr std::string_view etcd = "/var/lib/etcd";
constexpr std::array tcp_tables{"/proc/net/tcp", "/proc/net/tcp6"};
constexpr std::array old_files{"/etc/kubernetes/manifests/kube-apiserver.yaml",
                               "/etc/kubernetes/manifests/kube-controller-manager.yaml",
                               "/etc/kubernetes/manifests/kube-scheduler.yaml",
                               "/etc/kubernetes/manifests/etcd.yaml",
                               "/etc/kubernetes/manifests/keepalived.yaml",
                               "/etc/kubernetes/manifests/kube-vip.yaml",
                               "/etc/kubernetes/kubelet.conf",
                               "/etc/kubernetes/admin.conf"};
constexpr std::array settings{"/proc/sys/net/bridge/bridge-nf-call-iptables",
                              "/proc/sys/net/ipv4/ip_forward"};
constexpr std::array programs{"conntrack", "crictl", "ebtables", "ethtool", "kubeadm", "ip",
                              "iptables",  "mount",  "nsenter",  "socat",   "tc",      "touch"};
constexpr std::array program_directories{"/usr/bin", "/usr/sbin", "/usr/local/bin",
                                         "/usr/local/sbin"};
constexpr std::array services{"kubelet", "containerd"};
constexpr std::array unit_directories{"/etc/systemd/system", "/usr/lib/systemd/system",
                                      "/usr/local/lib/systemd/system"};

// A ring in which everyone asks the next few finds every machine that is cut off, and does not grow
// with the square of the cluster.
constexpr std::size_t peers_asked = 5;

target::CommandProbe ping(const Peer& peer) {
  return {.argv = {"ping", "-c", "1", "-W", "2", peer.address}, .timeout = std::chrono::seconds{5}};
}

std::string joined(std::string_view directory, std::string_view name) {
  return fmt::format("{}/{}", directory, name);
}

std::vector<target::Probe> first_probes(const std::vector<Peer>& peers) {
  std::vector<target::Probe> all{target::StatProbe{std::string(kubeadm_mark)},
                                 target::ListProbe{std::string(volumes)},
                                 target::ListProbe{std::string(etcd)}};
  for (const auto* path : old_files) all.emplace_back(target::StatProbe{path});
  for (const auto* path : settings) all.emplace_back(target::ReadProbe{path});
  for (const auto* path : tcp_tables) all.emplace_back(target::ReadProbe{path});
  for (const auto* program : programs) {
    for (const auto* directory : program_directories) {
      all.emplace_back(target::StatProbe{.path = joined(directory, program), .follow = true});
    }
  }
  for (const auto* service : services) {
    for (const auto* directory : unit_directories) {
      all.emplace_back(target::StatProbe{joined(directory, std::string(service) + ".service")});
    }
  }
  for (const auto& peer : peers) all.emplace_back(ping(peer));
  return all;
}

std::vector<target::Probe> volume_probes(const facts::Answers& answers) {
  std::vector<target::Probe> all;
  for (const auto& name : answers.names(volumes)) {
    all.emplace_back(target::ListProbe{joined(volumes, name)});
  }
  return all;
}

base::Result<void> ask(target::Target& target, const std::vector<target::Probe>& probes,
                       facts::Answers& answers) {
  if (probes.empty()) return {};
  KONVOY_TRY(auto observations, target.observe(probes));
  answers.add(probes, std::move(observations));
  return {};
}

template <class Names, class Directories>
std::vector<std::string> missing(const facts::Answers& answers, const Names& names,
                                 const Directories& directories, std::string_view ending) {
  std::vector<std::string> all;
  for (const auto* name : names) {
    const bool there = std::ranges::any_of(directories, [&](const auto* directory) {
      return answers.stat(joined(directory, name + std::string(ending))) != nullptr;
    });
    if (!there) all.emplace_back(name);
  }
  return all;
}

void parse_leftovers(const facts::Answers& answers, HostState& state) {
  for (const auto* path : old_files) {
    if (answers.stat(path) != nullptr) state.leftovers.emplace_back(path);
  }
  if (!answers.names(etcd).empty()) state.leftovers.emplace_back(etcd);
  for (const auto& name : answers.names(volumes)) {
    auto files = answers.names(joined(volumes, name));
    std::erase(files, "lost+found");
    if (!files.empty()) state.used_volumes.push_back(joined(volumes, name));
  }
}

void parse_network(const facts::Answers& answers, const std::vector<Peer>& peers,
                   HostState& state) {
  std::set<std::uint16_t> ports;
  for (const auto* path : tcp_tables) {
    const auto found = parse_listening(answers.text(path).value_or(""));
    ports.insert(found.begin(), found.end());
  }
  state.listening.assign(ports.begin(), ports.end());
  for (const auto& peer : peers) {
    const auto status = answers.status(ping(peer).argv);
    constexpr int not_there = 127;
    if (status == not_there) {
      state.can_ping = false;
    } else if (status != 0) {
      state.silent_peers.push_back(peer.name);
    }
  }
}

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             system::real_clock().now().time_since_epoch())
      .count();
}

}  // namespace

base::Result<HostState> gather_state(target::Target& target, std::string address,
                                     const std::vector<Peer>& peers) {
  if (!target.live()) {
    return base::Error(
        base::ErrorKind::usage,
        fmt::format("nothing runs in '{}': there is nothing to check", target.name()),
        "validate a host; 'validate --fips' also looks at image roots");
  }
  HostState state{.name = target.name(), .address = std::move(address)};
  const auto before = seconds_now();
  KONVOY_TRY(state.facts, facts::gather(target));
  const auto after = seconds_now();
  state.clock_offset = state.facts.time - (before + after) / 2;
  state.clock_uncertainty = (after - before + 1) / 2;

  const std::vector<Peer> asked(
      peers.begin(), peers.begin() + static_cast<long>(std::min(peers.size(), peers_asked)));
  facts::Answers answers;
  KONVOY_CHECK(ask(target, first_probes(asked), answers));
  KONVOY_CHECK(ask(target, volume_probes(answers), answers));
  state.kubeadm_has_run = answers.stat(kubeadm_mark) != nullptr;
  state.missing_programs = missing(answers, programs, program_directories, "");
  state.missing_services = missing(answers, services, unit_directories, ".service");
  for (const auto* path : settings) {
    if (answers.text(path)) state.settings[path] = answers.line(path);
  }
  parse_leftovers(answers, state);
  parse_network(answers, asked, state);
  return state;
}

std::vector<std::uint16_t> parse_listening(std::string_view text) {
  // sl local_address rem_address st ...: the address ends in ":PORT" in hexadecimal; 0A is LISTEN
  // (net/tcp_states.h).
  constexpr std::string_view listen = "0A";
  std::set<std::uint16_t> ports;
  for (const auto& line : base::split_lines(text)) {
    const auto words = base::split_words(line);
    if (words.size() < 4 || words[3] != listen) continue;
    const auto colon = words[1].rfind(':');
    if (colon == std::string::npos) continue;
    std::uint16_t port = 0;
    std::from_chars(words[1].data() + colon + 1, words[1].data() + words[1].size(), port, 16);
    ports.insert(port);
  }
  return {ports.begin(), ports.end()};
}

}  // namespace konvoy::preflight
