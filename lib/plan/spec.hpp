// What is to be provisioned: the resolved configuration as types.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "plan/step.hpp"
#include "value/value.hpp"

namespace konvoy::plan {

/// Where packages come from: kubernetes_rpm_repository_url and the like.
struct RepositorySpec {
  Sourced<std::string> url;      ///< empty: this repository is not wanted
  Sourced<std::string> key_url;  ///< of the public key that signs its packages
  bool operator==(const RepositorySpec&) const = default;
};

/// kubernetes_*, crictl_*, package_versions.*
struct KubernetesSpec {
  Sourced<std::string> version;          ///< "1.21.3"
  Sourced<std::string> package_version;  ///< "1.21.3-0": of kubelet, kubeadm and kubectl
  Sourced<std::string> cni_version;      ///< package kubernetes-cni; empty: as kubelet requires
  Sourced<std::string> crictl_version;   ///< package cri-tools; empty: as kubeadm requires
  Sourced<std::string> build_metadata;   ///< "fips.0"; may be empty
  RepositorySpec repository;
  bool operator==(const KubernetesSpec&) const = default;
};

enum class ContainerdForm { package, archive };

/// An archive that is unpacked onto the machine: a file of the controller, or a URL.
struct ArchiveSource {
  Sourced<std::string> url;
  Sourced<std::string> file;    ///< goes before the URL
  Sourced<std::string> sha256;  ///< empty: not known
  std::string sha256_variable;  ///< the setting that gives it, for messages
  bool operator==(const ArchiveSource&) const = default;
};

/// One item of image_registries_with_auth.
struct RegistryLogin {
  std::string host;
  base::Secret username;
  base::Secret password;
  base::Secret auth;            ///< base64 of "user:password", instead of both
  base::Secret identity_token;  ///< instead of all
  bool operator==(const RegistryLogin&) const = default;
};

/// containerd_*, docker_rpm_*, image_registries_with_auth, default_image_registry_mirrors
struct ContainerdSpec {
  ContainerdForm form = ContainerdForm::package;
  Sourced<std::string> version;  ///< "1.4.7": package containerd.io, any release
  RepositorySpec repository;     ///< of form package
  ArchiveSource archive;         ///< of form archive
  std::string socket = "/run/containerd/containerd.sock";
  std::string sandbox_image;  ///< "registry.k8s.io/pause:3.4.1"; empty: containerd's own choice
  std::vector<RegistryLogin> logins;
  std::map<std::string, std::vector<std::string>> mirrors;  ///< registry ("*": all) to endpoints
  bool operator==(const ContainerdSpec&) const = default;
};

/// fips.* and what belongs to it
struct FipsSpec {
  Sourced<bool> enabled;
  Sourced<bool> configure;       ///< the machine itself is brought into FIPS mode
  std::string image_repository;  ///< "docker.io/mesosphere"
  std::string etcd_tag;          ///< "v3.4.13_fips.0"; empty: kubeadm's own choice
  value::Value settings;         ///< the whole map under `fips`
  bool operator==(const FipsSpec&) const = default;
};

struct ProxySpec {
  Sourced<std::string> http;
  Sourced<std::string> https;
  Sourced<std::string> none;  ///< no_proxy: names and networks with commas
  bool operator==(const ProxySpec&) const = default;
};

enum class Provider { none, amazon, azure, google, vmware, qemu };

/// packer_builder_type or --provider, and ssm_agent_*, azure_cli_*, google_cloud_cli_*
struct ProviderSpec {
  Provider provider = Provider::none;
  Sourced<std::string> name;  ///< as it was given
  RepositorySpec tool;        ///< of the provider's command line, where it has one
  RepositorySpec agent;       ///< the package of Amazon's SSM agent itself, and its key
  bool operator==(const ProviderSpec&) const = default;
};

/// rhsm_*: either a user with a password or an organisation with an activation key
struct SubscriptionSpec {
  Sourced<std::string> user;
  base::Secret password;
  Sourced<std::string> organisation;
  base::Secret activation_key;
  std::string consumer_name;  ///< empty: the host's name
  std::string pool;
  std::string environment;
  bool operator==(const SubscriptionSpec&) const = default;
};

/// os_packages_*, images_local_bundle_dir: what a machine without network gets from the controller
struct OfflineSpec {
  ArchiveSource packages;            ///< a file; without one packages come from the network
  std::string packages_directory;    ///< where it is unpacked: "/opt/dkp/packages/"
  std::string repository_directory;  ///< the repository in it: "/opt/dkp/packages/offline-repo/"
  Sourced<std::string> images;       ///< directory of saved images; empty: they are pulled
  std::string images_directory;      ///< where they are put while containerd reads them
  bool operator==(const OfflineSpec&) const = default;
};

struct Spec {
  KubernetesSpec kubernetes;
  ContainerdSpec containerd;
  FipsSpec fips;
  ProxySpec proxy;
  OfflineSpec offline;
  ProviderSpec provider;
  SubscriptionSpec subscription;
  bool install_repositories = true;         ///< package_versions.enable_repository_installation
  bool check_metadata = false;              ///< repositories.check_metadata
  bool centos_vault = false;                ///< repositories.centos_vault
  bool keep_firewall = false;               ///< firewall.keep
  std::vector<std::string> extra_packages;  ///< extra_rpms
  std::vector<std::string> images;          ///< control_plane_images and extra_images
  bool operator==(const Spec&) const = default;
};

/// Reads a resolved configuration. Errors (input): everything that is missing, of a wrong type or
/// that contradicts itself, in one list, each with its place.
[[nodiscard]] base::Result<Spec> decode_spec(const value::Value& config);

/// The tag of etcd's FIPS image for kubeadm's own version of etcd: "3.4.13-0" -> "v3.4.13_fips.0";
/// `given` (fips.etcdImageTag) goes first.
[[nodiscard]] std::string etcd_tag_for(std::string_view etcd_version, std::string_view given);

}  // namespace konvoy::plan
