// Planners for the machine below containerd and Kubernetes.
#include "plan/planners.hpp"
#include "resource/file.hpp"
#include "resource/kernel.hpp"
#include "resource/package_set.hpp"
#include "resource/pending.hpp"
#include "resource/service.hpp"

namespace konvoy::plan {
namespace {

using resource::Service;

void add_service(Plan& plan, std::string id, Service service, std::string reason,
                 std::vector<std::string> after = {}) {
  plan.add({.id = std::move(id),
            .resource = as_resource(std::move(service)),
            .because = {std::move(reason), {}},
            .after = std::move(after)});
}

}  // namespace

std::vector<resource::Package> base_packages(const Spec& spec) {
  std::vector<resource::Package> packages;
  for (const auto* name : {"chrony", "conntrack-tools", "ebtables", "ethtool", "socat"}) {
    packages.push_back({name, ""});
  }
  for (const auto& name : spec.extra_packages) packages.push_back({name, ""});
  return packages;
}

void plan_base_packages(const Spec& spec, const facts::HostFacts& /*facts*/, Plan& plan) {
  plan.add(package_step(spec, base_packages(spec), "base",
                        {.id = "packages/base",
                         .because = {"kubelet, kubeadm and time synchronisation need them", {}},
                         .after = after_repositories()}));
}

void plan_kernel(const Spec& /*spec*/, const facts::HostFacts& /*facts*/, Plan& plan) {
  plan.add(
      {.id = "kernel/modules",
       .resource = as_resource(resource::KernelModules{
           .file = "/etc/modules-load.d/kubernetes.conf", .modules = {"overlay", "br_netfilter"}}),
       .because = {"containers need overlay, their networks br_netfilter", {}}});
  plan.add({.id = "kernel/sysctl",
            .resource = as_resource(
                resource::Sysctl{.file = "/etc/sysctl.d/90-kubernetes.conf",
                                 .settings = {{"net.bridge.bridge-nf-call-iptables", "1"},
                                              {"net.bridge.bridge-nf-call-ip6tables", "1"},
                                              {"net.ipv4.ip_forward", "1"}},
                                 .optional_settings = {{"net.ipv6.conf.all.forwarding", "1"},
                                                       {"fs.may_detach_mounts", "1"}}}),
            .because = {"pods reach each other through this machine", {}},
            .after = {"kernel/modules"}});
  plan.add({.id = "kernel/swap",
            .resource = as_resource(resource::SwapOff{}),
            .because = {"kubelet does not start with swap", {}}});
}

void plan_network(const Spec& /*spec*/, const facts::HostFacts& facts, Plan& plan) {
  plan.add(
      {.id = "network/host-conf",
       .resource = as_resource(resource::File{.path = "/etc/host.conf", .content = "multi on\n"}),
       .because = {"a name in /etc/hosts may have several addresses", {}}});
  if (!facts.packages.contains("NetworkManager")) return;
  auto calico = as_resource(
      resource::File{.path = "/etc/NetworkManager/conf.d/calico.conf",
                     .content = "[keyfile]\n"
                                "unmanaged-devices=interface-name:cali*;interface-name:tunl*;"
                                "interface-name:vxlan.calico;interface-name:wireguard.cali\n"});
  plan.add({.id = "network/calico",
            .resource = with_marks(std::move(calico), {"reload-networkmanager"}),
            .because = {"NetworkManager must leave the interfaces of pods alone", {}}});
  plan.add({.id = "network/reload-networkmanager",
            .resource = as_resource(resource::FollowUp{
                .mark = "reload-networkmanager",
                .argv = {"systemctl", "reload-or-try-restart", "NetworkManager.service"}}),
            .because = {"its configuration changed", {}},
            .after = {"network/calico"}});
}

void plan_firewall(const Spec& spec, const facts::HostFacts& /*facts*/, Plan& plan) {
  if (spec.keep_firewall) return;
  for (const auto* name : {"firewalld", "iptables", "ip6tables"}) {
    const std::string unit(name);
    add_service(plan, "firewall/" + unit,
                {.unit = unit + ".service", .enabled = false, .running = false},
                "its rules and those of the pods' network exclude each other");
  }
}

void plan_time_and_audit(const Spec& /*spec*/, const facts::HostFacts& /*facts*/, Plan& plan) {
  add_service(plan, "time/chronyd", {.unit = "chronyd.service", .enabled = true, .running = true},
              "certificates and etcd need the right time", {"packages/base"});
  add_service(plan, "audit/auditd",
              {.unit = "auditd.service", .enabled = true, .running = true, .only_if_there = true},
              "what happens on a node is recorded");
}

std::vector<resource::Package> wanted_packages(const Spec& spec) {
  auto packages = base_packages(spec);
  for (auto more : {containerd_packages(spec.containerd), kubernetes_packages(spec.kubernetes),
                    provider_packages(spec)}) {
    packages.insert(packages.end(), more.begin(), more.end());
  }
  return packages;
}

Plan make_plan(const Spec& spec, const facts::HostFacts& facts, const Artifacts& artifacts) {
  Plan plan;
  plan_repositories(spec, facts, artifacts, plan);
  plan_version_locks(spec, plan);
  plan_base_packages(spec, facts, plan);
  plan_kernel(spec, facts, plan);
  plan_network(spec, facts, plan);
  plan_firewall(spec, facts, plan);
  plan_containerd(spec, artifacts, plan);
  plan_kubernetes(spec, facts, plan);
  plan_kubeadm_fips(spec, facts, plan);
  plan_provider(spec, facts, plan);
  plan_time_and_audit(spec, facts, plan);
  plan_images(spec, facts, artifacts, plan);
  return plan;
}

}  // namespace konvoy::plan
