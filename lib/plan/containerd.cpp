#include <fmt/format.h>

#include "base/text.hpp"
#include "plan/planners.hpp"
#include "resource/advice.hpp"
#include "resource/command.hpp"
#include "resource/file.hpp"
#include "resource/pending.hpp"
#include "resource/pushed_files.hpp"
#include "resource/service.hpp"

namespace konvoy::plan {
namespace {

using resource::File;
using resource::FollowUp;

const std::vector<std::string> restart_marks = {"restart-containerd"};
constexpr std::string_view hosts_directory = "/etc/containerd/certs.d";

void add_packages(const Spec& spec, Plan& plan) {
  plan.add(
      package_step(spec, containerd_packages(spec.containerd), "containerd",
                   {.id = "containerd/packages",
                    .because = {"containerd_version asks for it", spec.containerd.version.source},
                    .after = after_repositories({"containerd/lock"})}));
}

// What the archives of containerd bring and others own here: the packages kubernetes-cni and
// cri-tools, the steps that write configurations, and Calico.
const std::vector<std::string> not_from_archive = {"etc/cni/*",
                                                   "opt/cni/*",
                                                   "etc/containerd/config.toml",
                                                   "etc/crictl.yaml",
                                                   "usr/local/bin/crictl",
                                                   "usr/local/bin/critest"};

void add_archive(const Spec& spec, const ArchiveContent& content, Plan& plan) {
  const auto& version = spec.containerd.version;
  const auto files = push_below(content, "containerd " + version.value, "/", not_from_archive);
  resource::Trust trust{.name = "konvoy-image-containerd"};
  for (const auto& file : files.files) trust.paths.push_back(file.path);
  plan.add(
      package_step(spec, containerd_packages(spec.containerd), "what containerd needs",
                   {.id = "containerd/requirements",
                    .because = {"containerd's package would bring them, its archive does not", {}},
                    .after = after_repositories()}));
  plan.add({.id = "containerd/archive",
            .resource = with_marks(as_resource(files), {"daemon-reload", "restart-containerd"}),
            .because = {"containerd_version asks for it", version.source}});
  plan.add({.id = "containerd/trust",
            .resource = as_resource(std::move(trust)),
            .because = {"fapolicyd lets only trusted files run", {}},
            .after = {"containerd/archive"}});
}

void add_file(Plan& plan, std::string id, File file, std::vector<std::string> marks,
              Because because) {
  plan.add({.id = std::move(id),
            .resource = with_marks(as_resource(std::move(file)), std::move(marks)),
            .because = std::move(because)});
}

std::string environment(std::string_view name, const std::string& value) {
  return value.empty() ? "" : fmt::format("Environment=\"{}={}\"\n", name, value);
}

void add_proxy(const ProxySpec& proxy, Plan& plan) {
  const std::string directory = "/etc/systemd/system/containerd.service.d";
  const auto path = directory + "/http-proxy.conf";
  const auto content = environment("HTTP_PROXY", proxy.http.value) +
                       environment("HTTPS_PROXY", proxy.https.value) +
                       environment("NO_PROXY", proxy.none.value);
  if (proxy.http.value.empty() && proxy.https.value.empty()) {
    plan.add({.id = "proxy/containerd",
              .resource = with_marks(as_resource(resource::Absent{.path = path}),
                                     {"daemon-reload", "restart-containerd"}),
              .because = {"no proxy is set", {}}});
    return;
  }
  plan.add({.id = "proxy/directory",
            .resource = as_resource(resource::Directory{.path = directory}),
            .because = {"the drop-in is in it", {}}});
  // A proxy's address may hold a password.
  add_file(plan, "proxy/containerd",
           {.path = path,
            .content = "[Service]\n" + content,
            .ownership = {.mode = 0600},
            .secret = true},
           {"daemon-reload", "restart-containerd"},
           {"images are fetched through the proxy", proxy.https.source});
}

void add_registries(const ContainerdSpec& spec, Plan& plan) {
  if (!uses_hosts_files(spec)) return;
  for (const auto& [registry, endpoints] : spec.mirrors) {
    const auto name = registry == "*" ? std::string("_default") : registry;
    const auto directory = fmt::format("{}/{}", hosts_directory, name);
    plan.add({.id = "containerd/registry-" + name + "-directory",
              .resource = as_resource(resource::Directory{.path = directory}),
              .because = {"the registry's hosts.toml is in it", {}}});
    plan.add({.id = "containerd/registry-" + name,
              .resource = as_resource(File{.path = directory + "/hosts.toml",
                                           .content = render_hosts_file(registry, endpoints)}),
              .because = {"default_image_registry_mirrors asks for it", {}}});
  }
}

void add_import_advice(const OfflineSpec& spec, Plan& plan) {
  if (spec.images.value.empty()) return;
  plan.add(
      {.id = "images/later",
       .resource = as_resource(resource::Advice{
           .name = "images of images_local_bundle_dir",
           .path = "/run/systemd/system",  // sd_booted(3)
           .message = "saved images are imported only where containerd runs",
           .hint = "'konvoy-image provision' on a machine started from this one imports them"}),
       .because = {"images come from files, not from a network", spec.images.source}});
}

void add_service(const std::vector<std::string>& install, Plan& plan) {
  plan.add({.id = "containerd/daemon-reload",
            .resource = as_resource(
                FollowUp{.mark = "daemon-reload", .argv = {"systemctl", "daemon-reload"}}),
            .because = {"units changed", {}},
            .after = {"proxy/containerd"}});
  plan.add({.id = "containerd/service",
            .resource = as_resource(
                resource::Service{.unit = "containerd.service", .enabled = true, .running = true}),
            .because = {"kubelet runs containers through it", {}},
            .after = install});
  plan.add({.id = "containerd/restart",
            .resource =
                as_resource(FollowUp{.mark = "restart-containerd",
                                     .argv = {"systemctl", "try-restart", "containerd.service"}}),
            .because = {"its configuration changed", {}},
            .after = {"containerd/config", "proxy/containerd"}});
}

}  // namespace

std::vector<resource::Package> containerd_packages(const ContainerdSpec& spec) {
  // runc's SELinux policy, and the library that it filters system calls with.
  if (spec.form != ContainerdForm::package) return {{"container-selinux", ""}, {"libseccomp", ""}};
  return {{"containerd.io", spec.version.value}};
}

void plan_containerd(const Spec& spec, const Artifacts& artifacts, Plan& plan) {
  const auto& containerd = spec.containerd;
  if (artifacts.containerd) add_archive(spec, *artifacts.containerd, plan);
  else if (containerd.form == ContainerdForm::package) add_packages(spec, plan);
  add_proxy(spec.proxy, plan);
  plan.add({.id = "containerd/directory",
            .resource = as_resource(resource::Directory{.path = "/etc/containerd"}),
            .because = {"its configuration is in it", {}}});
  add_file(plan, "containerd/config",
           {.path = "/etc/containerd/config.toml",
            .content = render_containerd_config(containerd),
            .ownership = {.mode = containerd.logins.empty() ? 0644U : 0600U},
            .secret = !containerd.logins.empty()},
           restart_marks, {"registries, cgroups and networks of containers", {}});
  add_registries(containerd, plan);
  add_service({"containerd/packages", "containerd/archive"}, plan);
  plan.add({.id = "containerd/crictl",
            .resource = as_resource(File{
                .path = "/etc/crictl.yaml",
                .content = fmt::format("runtime-endpoint: unix://{0}\nimage-endpoint: unix://{0}\n"
                                       "timeout: 10\ndebug: false\n",
                                       containerd.socket)}),
            .because = {"crictl must talk to containerd", {}}});
}

void plan_images(const Spec& spec, const facts::HostFacts& facts, const Artifacts& artifacts,
                 Plan& plan) {
  // Only containerd writes its store: a machine's own runs, in a root it is started for that.
  if (facts.live && !resource::runs_systemd(facts)) return add_import_advice(spec.offline, plan);
  plan_image_archives(spec, artifacts, plan);
  if (!facts.live) return;
  for (const auto& image : spec.images) {
    plan.add({.id = "images/" + image,
              .resource = as_resource(
                  resource::GuardedCommand{.name = image,
                                           .run = {.argv = {"crictl", "pull", image},
                                                   .timeout = std::chrono::minutes(30),
                                                   .detached = true,
                                                   .needs_network = true},
                                           .unless = {"crictl", "inspecti", "-q", image},
                                           .reason = "the image is not there"}),
              .because = {"it is in the list of images to have at hand", {}},
              .after = {"containerd/service", "containerd/restart", "kubernetes/packages",
                        "containerd/crictl"}});
  }
}

}  // namespace konvoy::plan
