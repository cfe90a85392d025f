#include "plan/planners.hpp"

#include <doctest/doctest.h>

#include <set>

#include "support/golden.hpp"

using namespace konvoy::plan;
using konvoy::base::Secret;
using konvoy::facts::HostFacts;
using konvoy::facts::PackageManager;

namespace {

Spec fips_spec() {
  return {.kubernetes = {.version = {"1.21.3", {}},
                         .package_version = {"1.21.3-0", {}},
                         .cni_version = {"0.9.1", {}},
                         .crictl_version = {"1.20.0", {}},
                         .build_metadata = {"fips.0", {}},
                         .repository = {{"https://example.invalid/k", {}},
                                        {"https://example.invalid/k/key", {}}}},
          .containerd = {.version = {"1.4.7", {}},
                         .repository = {{"https://example.invalid/c", {}},
                                        {"https://example.invalid/c/key", {}}},
                         .sandbox_image = "registry.k8s.io/pause:3.4.1",
                         .logins = {{.host = "registry-1.docker.io",
                                     .username = Secret("me"),
                                     .password = Secret("pass\"word")}},
                         .mirrors = {{"docker.io", {"https://mirror.invalid"}}}},
          .fips = {.enabled = {true, {}},
                   .image_repository = "docker.io/mesosphere",
                   .etcd_tag = "v3.4.13_fips.0"},
          .proxy = {.http = {"http://proxy.invalid:3128", {}}},
          .images = {"docker.io/library/busybox:1"}};
}

HostFacts el8() {
  return {.distribution = "CentOS",
          .major_version = 8,
          .os_id = "centos",
          .package_manager = PackageManager::dnf,
          .packages = {{"NetworkManager", "1.30-1"}},
          .init = "systemd"};
}

std::string shown(const Plan& plan) {
  std::string text;
  for (const auto& step : plan.steps) {
    text += step.id + ": " + step.resource.kind + " " + step.resource.name + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("the whole plan of a FIPS node") {
  konvoy::test::check_golden("plan/golden/fips-el8.txt", shown(make_plan(fips_spec(), el8())));
}

TEST_CASE("containerd from an archive") {
  auto spec = fips_spec();
  spec.containerd.form = ContainerdForm::archive;
  const std::string digest(64, 'a');
  const ArchiveContent content{
      .sha256 = digest,
      .files = {{"etc/cni/net.d/10-containerd-net.conflist", "/cache/1", digest, 0644},
                {"etc/crictl.yaml", "/cache/2", digest, 0644},
                {"etc/systemd/system/containerd.service", "/cache/3", digest, 0644},
                {"opt/cni/bin/bridge", "/cache/4", digest, 0755},
                {"usr/local/bin/containerd", "/cache/5", digest, 0755},
                {"usr/local/bin/crictl", "/cache/6", digest, 0755},
                {"usr/local/sbin/runc", "/cache/7", digest, 0755}},
      .links = {{"usr/local/bin/c", "containerd"}}};
  konvoy::test::check_golden("plan/golden/containerd-archive.txt",
                             shown(make_plan(spec, el8(), {.containerd = content})));

  const auto pushed = push_below(content, "c", "/", {"etc/c*", "opt/*"});
  CHECK(pushed.directories == std::vector<std::string>{"/etc", "/etc/systemd",
                                                       "/etc/systemd/system", "/usr", "/usr/local",
                                                       "/usr/local/bin", "/usr/local/sbin"});
  REQUIRE(pushed.files.size() == 4);
  CHECK(pushed.files[1] ==
        konvoy::resource::PushedFile{"/cache/5",
                                     "/usr/local/bin/containerd",
                                     digest,
                                     {.mode = 0755, .owner = "root", .group = "root"}});
  CHECK(pushed.links.front().first == "/usr/local/bin/c");
}

TEST_CASE("ids are unique and what comes after exists before, if at all") {
  const auto plan = make_plan(fips_spec(), el8());
  std::set<std::string> seen;
  for (const auto& step : plan.steps) {
    CHECK_MESSAGE(seen.insert(step.id).second, step.id);
    CHECK_MESSAGE(step.id.find('/') != std::string::npos, step.id);
  }
}

TEST_CASE("what a machine is decides what is planned") {
  auto image = el8();
  image.live = false;
  image.packages.clear();
  const auto text = shown(make_plan(fips_spec(), image));
  CHECK(text.find("images/") == std::string::npos);
  CHECK(text.find("network/calico") == std::string::npos);
  auto spec = fips_spec();
  spec.keep_firewall = true;
  spec.fips.enabled.value = false;
  spec.install_repositories = false;
  const auto less = shown(make_plan(spec, el8()));
  CHECK(less.find("firewall/") == std::string::npos);
  CHECK(less.find("kubeadm-fips") == std::string::npos);
  CHECK(less.find("repository/kubernetes") == std::string::npos);
}

TEST_CASE("containerd's configuration") {
  konvoy::test::check_golden("plan/golden/containerd-1.4.toml",
                             render_containerd_config(fips_spec().containerd));
  auto newer = fips_spec().containerd;
  newer.version.value = "2.0.1";
  konvoy::test::check_golden("plan/golden/containerd-2.0.toml", render_containerd_config(newer));
  CHECK(render_hosts_file("docker.io", {"https://mirror.invalid"}) ==
        "# Written by konvoy-image; changes are replaced.\n"
        "server = \"https://docker.io\"\n\n"
        "[host.\"https://mirror.invalid\"]\n  capabilities = [\"pull\", \"resolve\"]\n");
}

TEST_CASE("kubeadm's FIPS configuration") {
  konvoy::test::check_golden("plan/golden/kubeadm-fips.yaml", render_kubeadm_fips(fips_spec()));
}

TEST_CASE("kubelet's arguments go with its version") {
  auto spec = fips_spec();
  CHECK(kubelet_arguments(spec).size() == 3);
  spec.kubernetes.version.value = "1.27.1";
  const auto arguments = kubelet_arguments(spec);
  REQUIRE(arguments.size() == 1);
  CHECK(arguments[0].second == "unix:///run/containerd/containerd.sock");
}
