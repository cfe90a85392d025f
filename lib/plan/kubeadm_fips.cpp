#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "plan/planners.hpp"
#include "resource/file.hpp"

namespace konvoy::plan {
namespace {

// The suites that every FIPS build of Go's TLS allows (crypto/tls, boring.go), the strongest first;
// the two with 128 bits are there because HTTP/2 demands one of them (RFC 7540, 9.2.2).
constexpr std::array<std::string_view, 4> suites = {
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"};

std::string joined_suites() {
  const std::vector<std::string> words(suites.begin(), suites.end());
  return base::join(words, ",");
}

// The arguments of one part of the control plane, as kubeadm's extraArgs.
std::string tls_arguments(std::string_view part) {
  return fmt::format(
      "{}:\n  extraArgs:\n    tls-cipher-suites: {}\n    tls-min-version: VersionTLS12\n", part,
      joined_suites());
}

// "v1.21.3+fips.0": kubeadm turns the + into the _ of the images' tags.
std::string kubernetes_version(const KubernetesSpec& spec) {
  const auto& metadata = spec.build_metadata.value;
  return "v" + spec.version.value + (metadata.empty() ? "" : "+" + metadata);
}

std::string api_version(const KubernetesSpec& spec) {
  const bool old = base::compare_versions(spec.version.value, "1.22") < 0;
  return old ? "kubeadm.k8s.io/v1beta2" : "kubeadm.k8s.io/v1beta3";
}

}  // namespace

std::string render_kubeadm_fips(const Spec& spec) {
  std::string text = fmt::format(
      "# Written by konvoy-image for: kubeadm init --config /etc/kubernetes/kubeadm-fips.yaml\n"
      "apiVersion: {}\nkind: ClusterConfiguration\nkubernetesVersion: {}\n",
      api_version(spec.kubernetes), kubernetes_version(spec.kubernetes));
  if (!spec.fips.image_repository.empty()) {
    text += fmt::format("imageRepository: {}\n", spec.fips.image_repository);
    // CoreDNS has no FIPS build: it stays where kubeadm looks for it by default.
    text += "dns:\n  imageRepository: registry.k8s.io/coredns\n";
  }
  text += tls_arguments("apiServer") + tls_arguments("controllerManager") +
          tls_arguments("scheduler") + "etcd:\n  local:\n";
  if (!spec.fips.image_repository.empty()) {
    text += fmt::format("    imageRepository: {}\n", spec.fips.image_repository);
  }
  if (!spec.fips.etcd_tag.empty()) text += fmt::format("    imageTag: {}\n", spec.fips.etcd_tag);
  text += fmt::format("    extraArgs:\n      cipher-suites: {}\n", joined_suites());
  text +=
      "---\napiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
      "cgroupDriver: systemd\ntlsMinVersion: VersionTLS12\ntlsCipherSuites:\n";
  for (const auto suite : suites) text += fmt::format("- {}\n", suite);
  return text;
}

void plan_kubeadm_fips(const Spec& spec, const facts::HostFacts& /*facts*/, Plan& plan) {
  if (!spec.fips.enabled.value) return;
  plan.add({.id = "kubernetes/kubeadm-directory",
            .resource = as_resource(resource::Directory{.path = "/etc/kubernetes"}),
            .because = {"kubeadm's configuration is in it", {}}});
  plan.add({.id = "kubernetes/kubeadm-fips",
            .resource = as_resource(resource::File{.path = "/etc/kubernetes/kubeadm-fips.yaml",
                                                   .content = render_kubeadm_fips(spec)}),
            .because = {"the control plane uses FIPS images and TLS settings",
                        spec.fips.enabled.source}});
}

}  // namespace konvoy::plan
