#include "preflight/validate.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "support/golden.hpp"
#include "support/machine_text.hpp"

using namespace konvoy;
using preflight::Status;

namespace {

constexpr std::uint64_t gibibyte = 1U << 30U;

// A machine that passes everything.
preflight::HostState fit(const std::string& name = "n1") {
  preflight::HostState host{.name = name, .address = "10.0.0.1"};
  host.facts = {
      .hostname = name,
      .distribution = "CentOS",
      .distribution_version = "8.4",
      .major_version = 8,
      .os_id = "centos",
      .architecture = "x86_64",
      .mounts = {{.path = "/", .size_bytes = 100 * gibibyte, .free_bytes = 50 * gibibyte}},
      .memory_bytes = 4 * gibibyte,
      .cpus = 2,
      .package_manager = facts::PackageManager::dnf,
      .time = 1,
      .addresses = {"10.0.0.1"}};
  host.listening = {22};
  host.settings = {{"/proc/sys/net/bridge/bridge-nf-call-iptables", "1"},
                   {"/proc/sys/net/ipv4/ip_forward", "1"}};
  return host;
}

preflight::Settings settings() {
  return {.pod_subnets = *preflight::parse_subnets("--pod-subnet", "192.168.0.0/16"),
          .service_subnets = *preflight::parse_subnets("--service-subnet", "10.96.0.0/12")};
}

std::string told(const std::vector<preflight::Check>& checks) {
  std::string out;
  for (const auto& check : checks) {
    if (check.status == Status::ok) continue;
    out += fmt::format("{} {}: {}\n", name_of(check.status), check.name, check.reason);
    if (!check.fix.empty()) out += fmt::format("  fix: {}\n", check.fix);
  }
  return out.empty() ? "all is well\n" : out;
}

std::string told(const preflight::HostState& host, const preflight::Settings& with = settings()) {
  const std::vector<preflight::HostState> hosts{host};
  return told(preflight::validate(hosts, with)[0]);
}

}  // namespace

TEST_CASE("a fit machine passes, and every check is shown by its name") {
  const std::vector<preflight::HostState> hosts{fit()};
  const auto checks = preflight::validate(hosts, settings())[0];
  CHECK(told(checks) == "all is well\n");
  CHECK(preflight::passed(checks));
  std::vector<std::string> names;
  for (const auto& check : checks) {
    names.push_back(check.name);
    CHECK_FALSE(check.reason.empty());
  }
  CHECK(names == preflight::check_names());
}

TEST_CASE("everything that can be wrong, with its remedy") {
  std::string all;
  const auto with = [&](const std::string& what, auto change) {
    auto host = fit();
    change(host);
    all += "--- " + what + "\n" + told(host);
  };
  with("system", [](auto& host) { host.facts.os_id = "debian"; });
  with("no name", [](auto& host) { host.facts.hostname = "localhost.localdomain"; });
  with("bad name", [](auto& host) { host.facts.hostname = "node_1"; });
  with("clock ahead", [](auto& host) { host.clock_offset = 31; });
  with("clock behind, slow answer", [](auto& host) {
    host.clock_offset = -33;
    host.clock_uncertainty = 2;
  });
  with("clock in its tolerance", [](auto& host) { host.clock_offset = -30; });
  with("clock not read", [](auto& host) { host.facts.time = 0; });
  with("one cpu", [](auto& host) { host.facts.cpus = 1; });
  with("1 GiB", [](auto& host) { host.facts.memory_bytes = gibibyte; });
  with("2 GiB", [](auto& host) { host.facts.memory_bytes = 2 * gibibyte; });
  with("swap", [](auto& host) { host.facts.swap_bytes = gibibyte; });
  with("full disk", [](auto& host) {
    host.facts.mounts.push_back(
        {.path = "/var", .size_bytes = 100 * gibibyte, .free_bytes = 15 * gibibyte});
  });
  with("small disk", [](auto& host) { host.facts.mounts[0].size_bytes = 60 * gibibyte; });
  with("no disk", [](auto& host) { host.facts.mounts.clear(); });
  with("address in the pod network", [](auto& host) { host.facts.addresses = {"192.168.3.4"}; });
  with("address in the service network", [](auto& host) { host.address = "10.100.0.1"; });
  with("ports", [](auto& host) { host.listening = {179, 6443, 10250}; });
  with("silent", [](auto& host) { host.silent_peers = {"n2", "n3"}; });
  with("no ping", [](auto& host) { host.can_ping = false; });
  with("leftovers", [](auto& host) { host.leftovers = {"/etc/kubernetes/admin.conf"}; });
  with("volumes", [](auto& host) { host.used_volumes = {"/mnt/disks/a"}; });
  with("bare", [](auto& host) {
    host.settings = {{"/proc/sys/net/ipv4/ip_forward", "0"}};
    host.missing_services = {"kubelet"};
    host.missing_programs = {"conntrack", "socat"};
  });
  with("a node of a cluster", [](auto& host) {
    host.kubeadm_has_run = true;
    host.listening = {6443, 10250};
    host.leftovers = {"/etc/kubernetes/admin.conf"};
    host.facts.addresses = {"10.0.0.1", "192.168.77.1", "10.96.0.1"};
  });
  test::check_golden("preflight/golden/wrong.txt", all);
}

TEST_CASE("host names must differ, whatever their case") {
  std::vector<preflight::HostState> hosts{fit("a"), fit("b"), fit("c")};
  hosts[2].facts.hostname = "A";
  const auto reports = preflight::validate(hosts, settings());
  CHECK(told(reports[0]) ==
        "failed unique-hostnames: 'c' has the same host name 'a'\n"
        "  fix: give each host a name of its own: hostnamectl set-hostname NAME\n");
  CHECK(told(reports[1]) == "all is well\n");
  CHECK_FALSE(preflight::passed(reports[2]));
}

TEST_CASE("what is ignored is skipped and still says why") {
  auto chosen = settings();
  chosen.ignored = *preflight::parse_ignored({"Swap", "NumCPU"});
  auto host = fit();
  host.facts.swap_bytes = gibibyte;
  host.facts.cpus = 1;
  host.facts.memory_bytes = gibibyte;
  const std::vector<preflight::HostState> hosts{host};
  const auto checks = preflight::validate(hosts, chosen)[0];
  CHECK_FALSE(preflight::passed(checks));
  CHECK(told(checks).find("skipped swap: ignored: swap of 1024 MiB is on") != std::string::npos);
  CHECK(told(checks).find("skipped cpu: ignored: ") != std::string::npos);
}

TEST_CASE("names of errors to ignore") {
  using Names = std::set<std::string, std::less<>>;
  CHECK(*preflight::parse_ignored({}) == Names{});
  CHECK(*preflight::parse_ignored(
            {"Port-10250", "mem", "filecontent--proc-sys-net-bridge-bridge-nf-call-iptables"}) ==
        Names{"ports", "memory", "kernel-settings"});
  CHECK(preflight::parse_ignored({"all"})->size() == preflight::check_names().size());
  const auto wrong = preflight::parse_ignored({"swop"});
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message() == "--errors-to-ignore: there is no check 'swop'");
  CHECK(wrong.error().diagnostics[0].hint == "did you mean 'swap'?");
}

TEST_CASE("networks") {
  const auto refused = [](std::string_view text) {
    const auto networks = preflight::parse_subnets("--pod-subnet", text);
    return networks.ok() ? std::string() : networks.error().message();
  };
  CHECK(refused("") == "");
  CHECK(refused("10.0.0.0/8,fd00::/108") == "");
  CHECK(refused("10.0.0.0") == "--pod-subnet: '10.0.0.0' is no network");
  CHECK(refused("10.0.0.0/33") == "--pod-subnet: '10.0.0.0/33' is no network");
  CHECK(refused("10.0.0/8") == "--pod-subnet: '10.0.0/8' is no network");
  CHECK(refused("10.0.0.0/8x") == "--pod-subnet: '10.0.0.0/8x' is no network");
  CHECK(refused("10.1.0.0/8") == "--pod-subnet: '10.1.0.0/8' is an address, not a network");
  const auto networks = *preflight::parse_subnets("--pod-subnet", "10.96.0.0/12, fd00::/108");
  CHECK(overlapping(networks, *preflight::parse_address("10.111.255.255")) == &networks[0]);
  CHECK(overlapping(networks, *preflight::parse_address("10.112.0.0")) == nullptr);
  CHECK(overlapping(networks, *preflight::parse_address("fd00::f:ffff")) == &networks[1]);
  CHECK(overlapping(networks, *preflight::parse_address("fd00::1f:ffff")) == nullptr);
  CHECK_FALSE(preflight::parse_address("node1").has_value());

  auto overlap = settings();
  overlap.service_subnets = *preflight::parse_subnets("--service-subnet", "192.168.128.0/20");
  CHECK(told(fit(), overlap) ==
        "failed service-subnet: 192.168.128.0/20 overlaps with the pod network 192.168.0.0/16\n"
        "  fix: choose two networks apart: --service-subnet, --pod-subnet\n");
}

TEST_CASE("what a machine is asked, in two rounds") {
  auto machine =
      test::machine_from(test::test_data("facts/machines/centos-8.4-one-disk.txt"), "cp-0");
  machine.add_file("/etc/kubernetes/admin.conf", "x");
  machine.add_file("/var/lib/etcd/member/wal", "x");
  machine.add_file("/proc/sys/net/ipv4/ip_forward", "1\n");
  machine.add_file("/proc/net/tcp",
                   "  sl  local_address rem_address   st tx_queue\n"
                   "   0: 00000000:0016 00000000:0000 0A 00000000:00000000\n"
                   "   1: 0100007F:9C40 0100007F:0016 01 00000000:00000000\n");
  machine.add_file("/proc/net/tcp6",
                   "   0: 00000000000000000000000000000000:192B 0:0 0A 00000000:00000000\n");
  for (const auto* program : {"conntrack", "crictl", "ebtables", "ethtool", "kubeadm", "ip",
                              "mount", "nsenter", "tc", "touch"}) {
    machine.add_file(std::string("/usr/sbin/") + program, "");
  }
  machine.add_file("/usr/lib/systemd/system/containerd.service", "");
  machine.on_command("ping * n2", {.status = 0});
  machine.on_command("ping * n3", {.status = 1});
  const auto state = preflight::gather_state(machine, "10.0.0.5", {{"n2", "n2"}, {"n3", "n3"}});
  REQUIRE(state.ok());
  CHECK(machine.observed.size() == 2);
  CHECK(state->listening == std::vector<std::uint16_t>{22, 6443});
  CHECK(state->leftovers ==
        std::vector<std::string>{"/etc/kubernetes/admin.conf", "/var/lib/etcd"});
  CHECK(state->missing_programs == std::vector<std::string>{"iptables", "socat"});
  CHECK(state->missing_services == std::vector<std::string>{"kubelet"});
  CHECK(state->settings.size() == 1);
  CHECK(state->silent_peers == std::vector<std::string>{"n3"});
  CHECK(state->clock_offset < 0);

  machine.add_file("/mnt/disks/a/lost+found/x", "");
  machine.add_file("/mnt/disks/b/data", "");
  const auto again = preflight::gather_state(machine, "10.0.0.5", {{"n4", "n4"}});
  REQUIRE(again.ok());
  CHECK(machine.observed.size() == 5);
  CHECK(again->used_volumes == std::vector<std::string>{"/mnt/disks/b"});
  CHECK_FALSE(again->can_ping);
}

TEST_CASE("an image root has nothing to check") {
  test::FakeTarget image("/mnt/image", false);
  CHECK(preflight::gather_state(image, "", {}).error().kind == base::ErrorKind::usage);
}
