#include <fmt/format.h>

#include "base/text.hpp"
#include "plan/planners.hpp"
#include "resource/arguments.hpp"
#include "resource/file.hpp"
#include "resource/package_set.hpp"
#include "resource/pending.hpp"
#include "resource/repository.hpp"
#include "resource/service.hpp"

namespace konvoy::plan {
namespace {

using resource::File;

// kubelet 1.27 dropped --container-runtime; kubeadm 1.22 made systemd its default for cgroups.
bool is_before(const Spec& spec, std::string_view version) {
  return base::compare_versions(spec.kubernetes.version.value, version) < 0;
}

void add_kubelet(const Spec& spec, Plan& plan) {
  const std::string directory = "/etc/systemd/system/kubelet.service.d";
  plan.add({.id = "kubernetes/drop-in-directory",
            .resource = as_resource(resource::Directory{.path = directory}),
            .because = {"kubelet's drop-in is in it", {}}});
  plan.add({.id = "kubernetes/drop-in",
            .resource = with_marks(
                as_resource(File{.path = directory + "/20-konvoy-image.conf",
                                 .content = "[Unit]\nAfter=containerd.service\n"
                                            "Wants=containerd.service\n\n[Service]\n"
                                            "CPUAccounting=true\nMemoryAccounting=true\n"}),
                {"daemon-reload"}),
            .because = {"kubelet starts after containerd and counts what it uses", {}}});
  plan.add({.id = "kubernetes/sysconfig-directory",
            .resource = as_resource(resource::Directory{.path = "/etc/sysconfig"}),
            .because = {"kubelet's arguments are in it", {}}});
  plan.add({.id = "kubernetes/kubelet-arguments",
            .resource =
                with_marks(as_resource(resource::Arguments{.path = "/etc/sysconfig/kubelet",
                                                           .variable = "KUBELET_EXTRA_ARGS",
                                                           .arguments = kubelet_arguments(spec)}),
                           {"restart-kubelet"}),
            .because = {"kubelet must find containerd", {}}});
  plan.add({.id = "kubernetes/daemon-reload",
            .resource = as_resource(resource::FollowUp{.mark = "daemon-reload",
                                                       .argv = {"systemctl", "daemon-reload"}}),
            .because = {"units changed", {}},
            .after = {"kubernetes/drop-in", "kubernetes/packages"}});
  plan.add({.id = "kubernetes/kubelet",
            .resource = as_resource(
                resource::Service{.unit = "kubelet.service", .enabled = true, .running = {}}),
            .because = {"it starts with the machine; kubeadm gives it its configuration", {}},
            .after = {"kubernetes/packages"}});
  plan.add(
      {.id = "kubernetes/restart-kubelet",
       .resource = as_resource(resource::FollowUp{
           .mark = "restart-kubelet", .argv = {"systemctl", "try-restart", "kubelet.service"}}),
       .because = {"its arguments changed", {}},
       .after = {"kubernetes/kubelet-arguments"}});
}

}  // namespace

std::vector<resource::Package> kubernetes_packages(const KubernetesSpec& spec) {
  std::vector<resource::Package> packages;
  for (const auto* name : {"kubelet", "kubeadm", "kubectl"}) {
    packages.push_back({name, spec.package_version.value});
  }
  if (!spec.cni_version.value.empty()) {
    packages.push_back({"kubernetes-cni", spec.cni_version.value});
  }
  if (!spec.crictl_version.value.empty()) {
    packages.push_back({"cri-tools", spec.crictl_version.value});
  }
  return packages;
}

std::vector<std::pair<std::string, std::string>> kubelet_arguments(const Spec& spec) {
  std::vector<std::pair<std::string, std::string>> arguments;
  if (is_before(spec, "1.27")) {
    arguments.emplace_back("--container-runtime", "remote");
  }
  arguments.emplace_back("--container-runtime-endpoint", "unix://" + spec.containerd.socket);
  if (is_before(spec, "1.22")) arguments.emplace_back("--cgroup-driver", "systemd");
  return arguments;
}

void plan_kubernetes(const Spec& spec, const facts::HostFacts& /*facts*/, Plan& plan) {
  plan.add(
      package_step(spec, kubernetes_packages(spec.kubernetes), "kubernetes",
                   {.id = "kubernetes/packages",
                    .because = {"kubernetes_version asks for them", spec.kubernetes.version.source},
                    .after = after_repositories({"kubernetes/lock", "packages/base"})}));
  add_kubelet(spec, plan);
}

}  // namespace konvoy::plan
