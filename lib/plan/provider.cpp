// What a machine needs to be started by a cloud or a hypervisor.
#include <fmt/format.h>

#include "plan/decode.hpp"
#include "plan/planners.hpp"
#include "resource/advice.hpp"
#include "resource/cloud_init.hpp"
#include "resource/command.hpp"
#include "resource/file.hpp"
#include "resource/package_set.hpp"
#include "resource/pending.hpp"
#include "resource/repository.hpp"
#include "resource/service.hpp"
#include "resource/text_setting.hpp"

namespace konvoy::plan {
namespace {

using resource::File;
using resource::FollowUp;
using resource::Service;

constexpr std::string_view agent = "amazon-ssm-agent";

// EL's own Python, which cloud-init is installed for.
std::string cloud_init_modules(const facts::HostFacts& facts) {
  return fmt::format("/usr/lib/python{}/site-packages/cloudinit",
                     facts.major_version < 8 ? "2.7" : "3.6");
}

struct Tool {
  std::string id;       // of the repository
  std::string name;     // for people
  std::string package;  // the one that is wanted
};

Tool tool_of(Provider provider) {
  if (provider == Provider::azure) return {"azure-cli", "Azure CLI", "azure-cli"};
  return {"google-cloud-cli", "Google Cloud CLI", "google-cloud-cli"};
}

bool has_tool(const Spec& spec) {
  return spec.install_repositories && !spec.provider.tool.url.value.empty();
}

void add_packages(const Spec& spec, Plan& plan) {
  const auto& provider = spec.provider;
  if (has_tool(spec)) {
    const auto tool = tool_of(provider.provider);
    plan.add({.id = "provider/" + tool.id + "-repository",
              .resource = as_resource(resource::Repository{.id = tool.id,
                                                           .name = tool.name,
                                                           .base_url = provider.tool.url.value,
                                                           .keys = {provider.tool.key_url.value}}),
              .because = {"the provider's command line comes from it", provider.tool.url.source}});
  }
  plan.add(package_step(
      spec, provider_packages(spec), "provider",
      {.id = "provider/packages",
       .because = {"machines of this provider are set up by them", provider.name.source},
       .after = after_repositories(
           {"provider/azure-cli-repository", "provider/google-cloud-cli-repository"})}));
}

void add_cloud_init_drop_ins(Plan& plan) {
  for (const auto* unit : {"cloud-config", "cloud-final"}) {
    const auto directory = fmt::format("/etc/systemd/system/{}.service.d", unit);
    const auto id = fmt::format("provider/{}", unit);
    plan.add({.id = id + "-directory",
              .resource = as_resource(resource::Directory{.path = directory}),
              .because = {"the drop-in is in it", {}}});
    plan.add(
        {.id = id + "-boot-order",
         .resource = with_marks(as_resource(File{.path = directory + "/boot-order.conf",
                                                 .content = "[Unit]\nAfter=containerd.service\n"
                                                            "Wants=containerd.service\n"}),
                                {"daemon-reload"}),
         .because = {"user data runs kubeadm, which needs containerd", {}}});
  }
  plan.add({.id = "provider/daemon-reload",
            .resource = as_resource(
                FollowUp{.mark = "daemon-reload", .argv = {"systemctl", "daemon-reload"}}),
            .because = {"units changed", {}},
            .after = {"provider/cloud-config-boot-order", "provider/cloud-final-boot-order"}});
}

void add_cloud_init(const facts::HostFacts& facts, Plan& plan) {
  add_cloud_init_drop_ins(plan);
  plan.add({.id = "provider/user-data",
            .resource = as_resource(resource::TolerantUserData{cloud_init_modules(facts)}),
            .because = {"one part that can't be handled must not end the first boot", {}},
            .after = {"provider/packages"}});
  for (const auto* unit : {"cloud-init-local", "cloud-init", "cloud-config", "cloud-final"}) {
    plan.add({.id = fmt::format("provider/{}", unit),
              .resource = as_resource(
                  Service{.unit = fmt::format("{}.service", unit), .enabled = true, .running = {}}),
              .because = {"it starts with the machine; EL 7 leaves some of them off", {}},
              .after = {"provider/packages"}});
  }
}

// The agent comes from no repository: its own signature is checked, against the one key.
void add_agent(const ProviderSpec& provider, Plan& plan) {
  const auto& source = provider.agent.url;
  if (source.value.empty()) return;
  if (provider.agent.key_url.value.empty()) {
    plan.add({.id = "provider/ssm-agent-key",
              .resource = as_resource(resource::Advice{
                  .name = std::string(agent),
                  .path = "/usr/bin/amazon-ssm-agent",
                  .message = "the SSM agent is not installed: there is no key to check it with",
                  .hint = "set 'ssm_agent_rpm_gpg_key_url' to Amazon's public key, or "
                          "'ssm_agent_rpm_url' to '' if the agent is not wanted"}),
              .because = {"instances are managed through it", source.source}});
    return;
  }
  const std::string name(agent);
  plan.add({.id = "provider/ssm-agent-key",
            .resource = as_resource(resource::GuardedCommand{
                .name = "key of " + name,
                .run = {.argv = {"rpm", "--import", provider.agent.key_url.value},
                        .needs_network = true},
                .unless = {"rpm", "-q", "--quiet", name},
                .reason = "the agent's signature must be checked"}),
            .because = {"instances are managed through the agent", source.source}});
  plan.add(
      {.id = "provider/ssm-agent",
       .resource = as_resource(
           resource::PackageSet{{{.name = name, .version = "", .source = source.value}}}, name),
       .because = {"instances are managed through it", source.source},
       .after = {"provider/ssm-agent-key", "repository/proxy"}});
  plan.add({.id = "provider/ssm-agent-service",
            .resource = as_resource(
                Service{.unit = "amazon-ssm-agent.service", .enabled = true, .running = {}}),
            .because = {"it starts with the machine", {}},
            .after = {"provider/ssm-agent"}});
}

// docs of Azure, "Time sync for Linux VMs": the host's clock is a PTP device, and a machine that
// was paused may be off by any time.
void add_azure_clock(Plan& plan) {
  const std::string path = "/etc/chrony.conf";
  const auto add = [&](std::string id, resource::Line line, std::string reason) {
    plan.add({.id = std::move(id),
              .resource = with_marks(as_resource(std::move(line)), {"restart-chronyd"}),
              .because = {std::move(reason), {}},
              .after = {"packages/base"}});
  };
  add("provider/azure-clock",
      {.path = path,
       .line = "refclock PHC /dev/ptp0 poll 3 dpoll -2 offset 0",
       .instead_of = "refclock PHC /dev/ptp0"},
      "the hypervisor tells the time");
  add("provider/azure-makestep",
      {.path = path, .line = "makestep 1.0 -1", .instead_of = "makestep"},
      "a machine that was paused is set right at once");
  plan.add(
      {.id = "provider/restart-chronyd",
       .resource = as_resource(FollowUp{.mark = "restart-chronyd",
                                        .argv = {"systemctl", "try-restart", "chronyd.service"}}),
       .because = {"its configuration changed", {}},
       .after = {"provider/azure-clock", "provider/azure-makestep"}});
}

void add_vmware(const facts::HostFacts& facts, Plan& plan) {
  plan.add({.id = "provider/vmware-tools-directory",
            .resource = as_resource(resource::Directory{.path = "/etc/vmware-tools"}),
            .because = {"the configuration is in it", {}}});
  plan.add({.id = "provider/vmware-tools",
            .resource = as_resource(
                File{.path = "/etc/vmware-tools/tools.conf",
                     .content = "[guestinfo]\nexclude-nics=antrea-*,ovs-system,br*,flannel*,veth*,"
                                "vxlan_sys_*,genev_sys_*,gre_sys_*,stt_sys_*,????????"
                                "-??????\n\n"
                                "[deployPkg]\nwait-cloudinit-timeout=0\n"}),
            .because = {"interfaces of pods are not the machine's addresses", {}}});
  plan.add({.id = "provider/vmware-datasource-directory",
            .resource = as_resource(resource::Directory{.path = "/etc/cloud/cloud.cfg.d"}),
            .because = {"the list of data sources is in it", {}}});
  plan.add({.id = "provider/vmware-datasource",
            .resource = as_resource(File{.path = "/etc/cloud/cloud.cfg.d/99-konvoy-image.cfg",
                                         .content = "datasource_list: [ VMware, OVF, None ]\n"}),
            .because = {"user data comes from the hypervisor", {}}});
  plan.add({.id = "provider/vmware-cloud-init",
            .resource = as_resource(resource::Advice{
                .name = "cloud-init of VMware",
                .path = cloud_init_modules(facts) + "/sources/DataSourceVMware.py",
                .message = "this cloud-init is older than 21.3: it gets no user data from VMware",
                .hint = "offer a newer cloud-init in a repository of the machine"}),
            .because = {"Cluster API hands user data over through it", {}},
            .after = {"provider/packages"}});
}

Provider provider_named(std::string_view name, bool& known) {
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  known = true;
  if (name.starts_with("amazon")) return Provider::amazon;
  if (name.starts_with("azure")) return Provider::azure;
  if (name.starts_with("googlecompute") || name == "gcp") return Provider::google;
  if (has("vmware") || has("vsphere")) return Provider::vmware;
  if (has("qemu")) return Provider::qemu;
  known = name.empty() || name == "null";
  return Provider::none;
}

}  // namespace

ProviderSpec decode_provider(Fields& fields) {
  ProviderSpec spec{.name = fields.text("packer_builder_type")};
  bool known = true;
  spec.provider = provider_named(spec.name.value, known);
  if (!known) {
    fields.problem(fmt::format("there is no provider '{}'", spec.name.value), spec.name.source,
                   "it is amazon, azure, googlecompute, vsphere, qemu, or empty");
  }
  switch (spec.provider) {
    case Provider::amazon:
      spec.agent = {.url = fields.text("ssm_agent_rpm_url"),
                    .key_url = fields.text("ssm_agent_rpm_gpg_key_url")};
      break;
    case Provider::azure: spec.tool = decode_repository(fields, "azure_cli_rpm"); break;
    case Provider::google: spec.tool = decode_repository(fields, "google_cloud_cli_rpm"); break;
    case Provider::vmware:
    case Provider::qemu:
    case Provider::none: break;
  }
  return spec;
}

std::vector<resource::Package> provider_packages(const Spec& spec) {
  const auto provider = spec.provider.provider;
  if (provider == Provider::none) return {};
  std::vector<resource::Package> packages{{"cloud-init", ""}, {"cloud-utils-growpart", ""}};
  if (provider == Provider::vmware) packages.push_back({"open-vm-tools", ""});
  if (has_tool(spec)) packages.push_back({tool_of(provider).package, ""});
  return packages;
}

void plan_provider(const Spec& spec, const facts::HostFacts& facts, Plan& plan) {
  const auto provider = spec.provider.provider;
  if (provider == Provider::none) return;
  add_packages(spec, plan);
  add_cloud_init(facts, plan);
  if (provider == Provider::amazon) add_agent(spec.provider, plan);
  if (provider == Provider::azure) add_azure_clock(plan);
  if (provider == Provider::vmware) add_vmware(facts, plan);
  if (provider == Provider::qemu) {
    plan.add({.id = "provider/cloud-init-link",
              .resource = as_resource(
                  resource::Link{.path = "/usr/lib/cloud-init", .to = "/usr/libexec/cloud-init"}),
              .because = {"tools of images look for cloud-init's helpers there", {}},
              .after = {"provider/packages"}});
  }
}

}  // namespace konvoy::plan
