// Which variables of a configuration a Spec is made from.
#pragma once

#include <array>
#include <string_view>

namespace konvoy::plan {

/// All that decode_spec() and decode_fips_mode() look at. Others may hold templates that nothing on
/// this host can answer: they are not evaluated.
inline constexpr std::array<std::string_view, 56> spec_variables = {
    "os_packages_local_bundle_file",
    "os_packages_local_bundle_sha256",
    "os_packages_remote_bundle_path",
    "offline",
    "images_local_bundle_dir",
    "images_cache",
    "kubernetes_version",
    "kubernetes_cni_version",
    "kubernetes_build_metadata",
    "kubernetes_rpm_repository_url",
    "kubernetes_rpm_gpg_key_url",
    "package_versions",
    "crictl_version",
    "containerd_version",
    "containerd_form",
    "containerd_url",
    "containerd_sha256",
    "containerd_local_bundle_file",
    "containerd_base_url",
    "containerd_tar_file",
    "containerd_tar_sha256",
    "containerd_cri_socket",
    "docker_rpm_repository_url",
    "docker_rpm_gpg_key_url",
    "image_registries_with_auth",
    "default_image_registry_mirrors",
    "default_image_repo",
    "k8s_image_registry",
    "pause_image",
    "pause_image_version",
    "etcd_version",
    "fips",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "repositories",
    "rhsm_user",
    "rhsm_password",
    "rhsm_org_id",
    "rhsm_activation_key",
    "rhsm_consumer_name",
    "rhsm_pool_id",
    "rhsm_environment",
    "firewall",
    "extra_rpms",
    "control_plane_images",
    "extra_images",
    "download_images",
    "packer_builder_type",
    "ssm_agent_rpm_url",
    "ssm_agent_rpm_gpg_key_url",
    "azure_cli_rpm_repository_url",
    "azure_cli_rpm_gpg_key_url",
    "google_cloud_cli_rpm_repository_url",
    "google_cloud_cli_rpm_gpg_key_url",
    "sysprep",
};

}  // namespace konvoy::plan
