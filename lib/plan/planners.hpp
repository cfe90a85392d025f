// Which resources a Spec means on a machine: one planner per concern.
#pragma once

#include "facts/host_facts.hpp"
#include "plan/artifacts.hpp"
#include "plan/spec.hpp"
#include "plan/step.hpp"
#include "resource/package_set.hpp"
#include "resource/repository.hpp"

namespace konvoy::plan {

/// Every planner adds its steps to `plan`, in the order in which make_plan() calls them. They are
/// pure: the same Spec and facts give the same steps.
void plan_subscription(const Spec& spec, const facts::HostFacts& facts, Plan& plan);
void plan_repositories(const Spec& spec, const facts::HostFacts& facts, const Artifacts& artifacts,
                       Plan& plan);
/// A repository that plan_repositories() writes, and why.
struct OwnRepository {
  resource::Repository repository;
  Because because;
};
[[nodiscard]] std::vector<OwnRepository> own_repositories(const Spec& spec);
/// The proxy through which packages are fetched; empty: none.
[[nodiscard]] const Sourced<std::string>& package_proxy(const Spec& spec);
/// Before any package: a lock of another version would keep ours from being found.
void plan_version_locks(const Spec& spec, Plan& plan);
void plan_base_packages(const Spec& spec, const facts::HostFacts& facts, Plan& plan);
void plan_kernel(const Spec& spec, const facts::HostFacts& facts, Plan& plan);
void plan_network(const Spec& spec, const facts::HostFacts& facts, Plan& plan);
void plan_firewall(const Spec& spec, const facts::HostFacts& facts, Plan& plan);
void plan_containerd(const Spec& spec, const Artifacts& artifacts, Plan& plan);
void plan_kubernetes(const Spec& spec, const facts::HostFacts& facts, Plan& plan);
void plan_kubeadm_fips(const Spec& spec, const facts::HostFacts& facts, Plan& plan);
void plan_provider(const Spec& spec, const facts::HostFacts& facts, Plan& plan);
void plan_time_and_audit(const Spec& spec, const facts::HostFacts& facts, Plan& plan);
void plan_images(const Spec& spec, const facts::HostFacts& facts, const Artifacts& artifacts,
                 Plan& plan);

/// The parts of plan_repositories() and plan_images() for a machine without network.
void plan_package_bundle(const OfflineSpec& spec, const ArchiveContent& content, Plan& plan);
void plan_image_archives(const Spec& spec, const Artifacts& artifacts, Plan& plan);

/// The repository of the package bundle, which nothing else than these plans uses.
inline constexpr std::string_view offline_repository = "konvoy-image-offline";

/// That repository, without the keys, which are files of the bundle.
[[nodiscard]] resource::Repository bundle_repository(const OfflineSpec& spec);

/// `packages` as one set, from where `spec` has its packages.
[[nodiscard]] resource::PackageSet package_set(const Spec& spec,
                                               std::vector<resource::Package> packages);
/// `step` with them as its resource, called `title`.
[[nodiscard]] Step package_step(const Spec& spec, std::vector<resource::Package> packages,
                                std::string title, Step step);
/// The steps that every such set comes after: those of its repositories, and `more`.
[[nodiscard]] std::vector<std::string> after_repositories(std::vector<std::string> more = {});

/// Steps that others wait for, or come before.
inline constexpr std::string_view subscription_step = "repository/subscription";
inline constexpr std::string_view bundle_step = "repository/bundle";  ///< its files
inline constexpr std::string_view vault_step = "repository/centos-vault";
inline constexpr std::string_view answers_step = "repository/answers";

/// Every package that the plan of `spec` installs, with the version it pins (see
/// resource::Package): what a repository must offer. What comes from archives is not among them.
[[nodiscard]] std::vector<resource::Package> wanted_packages(const Spec& spec);

/// The parts of wanted_packages().
[[nodiscard]] std::vector<resource::Package> base_packages(const Spec& spec);
[[nodiscard]] std::vector<resource::Package> containerd_packages(const ContainerdSpec& spec);
[[nodiscard]] std::vector<resource::Package> kubernetes_packages(const KubernetesSpec& spec);
[[nodiscard]] std::vector<resource::Package> provider_packages(const Spec& spec);

/// Everything that makes a Kubernetes node of a machine (FIPS mode of the machine itself apart).
[[nodiscard]] Plan make_plan(const Spec& spec, const facts::HostFacts& facts,
                             const Artifacts& artifacts = {});

/// containerd's whole configuration: version 2 of its format up to containerd 1.7, version 3 from
/// 2.0 on. Holds the logins.
[[nodiscard]] std::string render_containerd_config(const ContainerdSpec& spec);
/// Whether registries are configured by files in /etc/containerd/certs.d (containerd 2.0 and
/// later); containerd refuses mirrors in config.toml together with that.
[[nodiscard]] bool uses_hosts_files(const ContainerdSpec& spec);
/// hosts.toml of one registry.
[[nodiscard]] std::string render_hosts_file(const std::string& registry,
                                            const std::vector<std::string>& endpoints);

/// What kubelet's command line must hold besides kubeadm's part, in order: name and value.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> kubelet_arguments(const Spec& spec);
/// /etc/kubernetes/kubeadm-fips.yaml: images, etcd's tag and TLS settings.
[[nodiscard]] std::string render_kubeadm_fips(const Spec& spec);

}  // namespace konvoy::plan
