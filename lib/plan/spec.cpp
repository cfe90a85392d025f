#include "plan/spec.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "plan/decode.hpp"

namespace konvoy::plan {
namespace {

bool looks_like_version(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9' &&
         std::ranges::count(text, '.') >= 1 && text.find(' ') == std::string_view::npos;
}

void check_version(Fields& fields, std::string_view path, const Sourced<std::string>& version) {
  if (version.value.empty() || looks_like_version(version.value)) return;
  fields.problem(fmt::format("'{}' is no version: '{}'", path, version.value), version.source,
                 "it looks like '1.21.3', without a 'v'");
}

KubernetesSpec decode_kubernetes(Fields& fields) {
  KubernetesSpec spec{.version = fields.required_text("kubernetes_version"),
                      .cni_version = fields.text("kubernetes_cni_version"),
                      .crictl_version = fields.text("crictl_version"),
                      .build_metadata = fields.text("kubernetes_build_metadata"),
                      .repository = decode_repository(fields, "kubernetes_rpm")};
  spec.package_version = fields.text("package_versions.kubernetes_rpm", spec.version.value + "-0");
  check_version(fields, "kubernetes_version", spec.version);
  check_version(fields, "kubernetes_cni_version", spec.cni_version);
  check_version(fields, "crictl_version", spec.crictl_version);
  return spec;
}

std::vector<RegistryLogin> decode_logins(Fields& fields) {
  std::vector<RegistryLogin> logins;
  const auto* list = fields.find("image_registries_with_auth");
  if (list == nullptr) return logins;
  if (list->list() == nullptr) {
    fields.problem("'image_registries_with_auth' must be a list", list->span());
    return logins;
  }
  for (const auto& item : *list->list()) {
    Fields login(item);
    const auto secret = [&](std::string_view key) { return base::Secret(login.text(key).value); };
    logins.push_back({.host = login.text("host").value,
                      .username = secret("username"),
                      .password = secret("password"),
                      .auth = secret("auth"),
                      .identity_token = secret("identityToken")});
    if (logins.back().host.empty()) {
      fields.problem("a registry of 'image_registries_with_auth' has no 'host'", item.span());
    }
    for (auto& problem : login.take_problems()) {
      problem.secret_excerpt = true;
      fields.problem("image_registries_with_auth: " + problem.message, item.span(), problem.hint);
    }
  }
  return logins;
}

std::map<std::string, std::vector<std::string>> decode_mirrors(Fields& fields) {
  std::map<std::string, std::vector<std::string>> mirrors;
  const auto* found = fields.find("default_image_registry_mirrors");
  if (found == nullptr) return mirrors;
  if (found->map() == nullptr) {
    fields.problem("'default_image_registry_mirrors' must be a map of registries to endpoints",
                   found->span());
    return mirrors;
  }
  for (const auto& entry : found->map()->entries()) {
    const auto* list = entry.value.list();
    if (list == nullptr) {
      fields.problem(fmt::format("the mirrors of '{}' must be a list", entry.key),
                     entry.value.span());
      continue;
    }
    for (const auto& endpoint : *list) {
      if (const auto* text = endpoint.string()) mirrors[entry.key].push_back(*text);
    }
  }
  return mirrors;
}

// konvoy-image-builder's own archives are named by containerd_tar_file, below containerd_base_url
// or in an offline bundle; containerd_sha256 is the digest of what containerd_url names.
ArchiveSource decode_containerd_archive(Fields& fields) {
  ArchiveSource archive{.file = fields.text("containerd_local_bundle_file")};
  const auto base = fields.text("containerd_base_url");
  const auto name = fields.text("containerd_tar_file");
  const bool named = !base.value.empty() && !name.value.empty();
  if (named) archive.url = {base.value + "/" + name.value, name.source};
  else archive.url = fields.text("containerd_url");
  archive.sha256_variable =
      named || !archive.file.value.empty() ? "containerd_tar_sha256" : "containerd_sha256";
  archive.sha256 = fields.text(archive.sha256_variable);
  return archive;
}

ContainerdSpec decode_containerd(Fields& fields) {
  ContainerdSpec spec{.version = fields.required_text("containerd_version")};
  check_version(fields, "containerd_version", spec.version);
  const auto form = fields.text("containerd_form");
  if (!form.value.empty() && form.value != "package" && form.value != "archive") {
    fields.problem(fmt::format("'containerd_form' is '{}'", form.value), form.source,
                   "it is 'package' or 'archive'");
  }
  const bool has_repository = !fields.text("docker_rpm_repository_url").value.empty();
  const bool has_bundle = !fields.text("containerd_local_bundle_file").value.empty();
  if (form.value == "archive" || (form.value.empty() && (has_bundle || !has_repository))) {
    spec.form = ContainerdForm::archive;
    spec.archive = decode_containerd_archive(fields);
    if (spec.archive.url.value.empty() && spec.archive.file.value.empty()) {
      fields.problem("there is no source for containerd", form.source,
                     "set 'docker_rpm_repository_url', 'containerd_url' or "
                     "'containerd_local_bundle_file'");
    }
  } else {
    spec.repository = decode_repository(fields, "docker_rpm");
  }
  spec.socket = fields.text("containerd_cri_socket", spec.socket).value;
  const auto pause = fields.text("pause_image_version").value;
  if (!pause.empty()) {
    spec.sandbox_image =
        fields.text("k8s_image_registry", "registry.k8s.io").value + "/pause:" + pause;
  }
  spec.sandbox_image = fields.text("pause_image", spec.sandbox_image).value;
  spec.logins = decode_logins(fields);
  spec.mirrors = decode_mirrors(fields);
  return spec;
}

// "hub.docker.io" is how konvoy-image-builder's first FIPS override calls the registry that clients
// know as docker.io.
std::string image_repository(Fields& fields) {
  auto repository = fields.text("default_image_repo").value;
  if (repository.empty()) repository = fields.text("k8s_image_registry").value;
  if (repository.starts_with("hub.docker.io/")) repository.erase(0, 4);
  return repository;
}

FipsSpec decode_fips(Fields& fields) {
  FipsSpec spec;
  const auto* whole = fields.find("fips");
  if (whole == nullptr) return spec;
  if (!whole->is_map()) {
    fields.problem(fmt::format("'fips' must be a map, it is {}", value::name_of(whole->kind())),
                   whole->span(), "write 'fips: {enabled: true}'");
    return spec;
  }
  spec.settings = *whole;
  spec.enabled = fields.flag("fips.enabled", false);
  spec.configure = fields.flag("fips.configure", spec.enabled.value);
  if (fields.find("fips.configure") == nullptr) spec.configure.source = spec.enabled.source;
  spec.image_repository = image_repository(fields);
  spec.etcd_tag =
      etcd_tag_for(fields.text("etcd_version").value, fields.text("fips.etcdImageTag").value);
  return spec;
}

}  // namespace

RepositorySpec decode_repository(Fields& fields, const std::string& prefix) {
  RepositorySpec repository{.url = fields.text(prefix + "_repository_url"),
                            .key_url = fields.text(prefix + "_gpg_key_url")};
  if (!repository.url.value.empty() && repository.key_url.value.empty()) {
    fields.problem(fmt::format("'{}_repository_url' has no '{}_gpg_key_url'", prefix, prefix),
                   repository.url.source,
                   "packages are only installed when their signature is checked");
  }
  return repository;
}

std::string etcd_tag_for(std::string_view etcd_version, std::string_view given) {
  if (!given.empty()) return std::string(given);
  if (etcd_version.empty()) return {};
  return fmt::format("v{}_fips.0", etcd_version.substr(0, etcd_version.find('-')));
}

base::Result<Spec> decode_spec(const value::Value& config) {
  Fields fields(config);
  Spec spec{.kubernetes = decode_kubernetes(fields),
            .containerd = decode_containerd(fields),
            .fips = decode_fips(fields),
            .proxy = {.http = fields.text("http_proxy"),
                      .https = fields.text("https_proxy"),
                      .none = fields.text("no_proxy")},
            .offline = decode_offline(fields),
            .provider = decode_provider(fields),
            .subscription = decode_subscription(fields),
            .install_repositories =
                fields.flag("package_versions.enable_repository_installation", true).value,
            .check_metadata = fields.flag("repositories.check_metadata", false).value,
            .centos_vault = fields.flag("repositories.centos_vault", false).value,
            .keep_firewall = fields.flag("firewall.keep", false).value,
            .extra_packages = fields.texts("extra_rpms")};
  for (const auto* list : {"control_plane_images", "extra_images"}) {
    for (auto& image : fields.texts(list)) spec.images.push_back(std::move(image));
  }
  auto problems = fields.take_problems();
  if (!problems.empty()) {
    base::sort_by_place(problems);
    return base::Error(base::ErrorKind::input, std::move(problems));
  }
  return spec;
}

}  // namespace konvoy::plan
