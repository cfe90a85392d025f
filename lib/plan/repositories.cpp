#include <fmt/format.h>

#include "plan/planners.hpp"
#include "resource/answering_repositories.hpp"
#include "resource/centos_vault.hpp"
#include "resource/repository.hpp"
#include "resource/text_setting.hpp"

namespace konvoy::plan {
namespace {

using facts::PackageManager;

std::string manager_config(const facts::HostFacts& facts) {
  return facts.package_manager == PackageManager::dnf ? "/etc/dnf/dnf.conf" : "/etc/yum.conf";
}

void add_setting(const facts::HostFacts& facts, Plan& plan, const std::string& key,
                 const std::string& value, Because because) {
  plan.add({.id = "repository/" + key,
            .resource = as_resource(resource::IniSetting{
                .path = manager_config(facts), .section = "main", .key = key, .value = value}),
            .because = std::move(because)});
}

void add_repository(const RepositorySpec& spec, const std::string& id, const std::string& name,
                    std::vector<OwnRepository>& repositories) {
  if (spec.url.value.empty()) return;
  repositories.push_back(
      {.repository = {.id = id,
                      .name = name,
                      .base_url = spec.url.value,
                      .keys = {spec.key_url.value},
                      .module_hotfixes = true},
       .because = {fmt::format("the packages of {} come from it", name), spec.url.source}});
}

// What fails here was there before us.
void add_answers(const Spec& spec, Plan& plan) {
  resource::AnsweringRepositories answering;
  for (const auto& package : wanted_packages(spec)) answering.packages.push_back(package.name);
  for (const auto& own : own_repositories(spec)) answering.except.push_back(own.repository.id);
  plan.add(
      {.id = std::string(answers_step),
       .resource = as_resource(std::move(answering)),
       .because = {"one that does not answer ends every installation", {}},
       .after = {"repository/proxy", std::string(vault_step), std::string(subscription_step)}});
}

}  // namespace

const Sourced<std::string>& package_proxy(const Spec& spec) {
  return spec.proxy.https.value.empty() ? spec.proxy.http : spec.proxy.https;
}

std::vector<OwnRepository> own_repositories(const Spec& spec) {
  std::vector<OwnRepository> repositories;
  if (!spec.install_repositories) return repositories;
  add_repository(spec.kubernetes.repository, "kubernetes", "Kubernetes", repositories);
  if (spec.containerd.form == ContainerdForm::package) {
    add_repository(spec.containerd.repository, "containerd", "containerd", repositories);
  }
  for (auto& own : repositories) own.repository.check_metadata = spec.check_metadata;
  return repositories;
}

void plan_repositories(const Spec& spec, const facts::HostFacts& facts, const Artifacts& artifacts,
                       Plan& plan) {
  add_setting(facts, plan, "gpgcheck", "1", {"no package is installed unchecked", {}});
  const auto& proxy = package_proxy(spec);
  if (!proxy.value.empty()) {
    add_setting(facts, plan, "proxy", proxy.value,
                {"packages are fetched through the proxy", proxy.source});
  }
  if (spec.centos_vault && facts.os_id == "centos") {
    plan.add({.id = std::string(vault_step),
              .resource = as_resource(resource::CentosVault{}),
              .because = {"the mirrors of this release are gone", {}}});
  }
  plan_subscription(spec, facts, plan);
  if (artifacts.packages) return plan_package_bundle(spec.offline, *artifacts.packages, plan);
  add_answers(spec, plan);
  for (auto& [repository, because] : own_repositories(spec)) {
    plan.add({.id = "repository/" + repository.id,
              .resource = as_resource(std::move(repository)),
              .because = std::move(because)});
  }
}

void plan_version_locks(const Spec& spec, Plan& plan) {
  if (spec.containerd.form == ContainerdForm::package) {
    plan.add(
        {.id = "containerd/lock",
         .resource = as_resource(resource::VersionLock{containerd_packages(spec.containerd)}),
         .because = {"an update must not change the version", spec.containerd.version.source}});
  }
  plan.add({.id = "kubernetes/lock",
            .resource = as_resource(resource::VersionLock{kubernetes_packages(spec.kubernetes)}),
            .because = {"an update must not change the versions", spec.kubernetes.version.source}});
}

}  // namespace konvoy::plan
