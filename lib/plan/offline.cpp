#include <fmt/format.h>

#include <filesystem>

#include "base/text.hpp"
#include "plan/decode.hpp"
#include "plan/planners.hpp"
#include "resource/image_archive.hpp"
#include "resource/pushed_files.hpp"
#include "resource/repository.hpp"

namespace konvoy::plan {
namespace {

// Written by konvoy-image-builder's own tools beside the packages, by other names by their users.
bool is_public_key(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  if (name.starts_with("repomd.xml")) return false;
  return name.starts_with("RPM-GPG-KEY") || name.ends_with(".asc") || name.ends_with(".gpg") ||
         name.ends_with(".key");
}

// "/opt/dkp/packages//offline-repo/", as joined paths are, without the doubled slash.
std::string clean_directory(const std::string& path) {
  auto clean = std::filesystem::path(path).lexically_normal().string();
  if (!clean.ends_with('/')) clean += '/';
  return clean;
}

}  // namespace

OfflineSpec decode_offline(Fields& fields) {
  OfflineSpec spec{
      .packages = {.file = fields.text("os_packages_local_bundle_file"),
                   .sha256 = fields.text("os_packages_local_bundle_sha256"),
                   .sha256_variable = "os_packages_local_bundle_sha256"},
      .packages_directory =
          clean_directory(fields.text("os_packages_remote_bundle_path", "/opt/dkp/packages").value),
      .images = fields.text("images_local_bundle_dir"),
      .images_directory = clean_directory(fields.text("images_cache", "/opt/dkp/images").value)};
  const auto repository = fields.text("offline.os_packages_remote_filesystem_repo_path",
                                      spec.packages_directory + "offline-repo");
  spec.repository_directory = clean_directory(repository.value);
  if (!spec.repository_directory.starts_with(spec.packages_directory)) {
    fields.problem(fmt::format("the repository '{}' is not in '{}', where the bundle is unpacked",
                               spec.repository_directory, spec.packages_directory),
                   repository.source, "correct 'offline.os_packages_remote_filesystem_repo_path'");
  }
  return spec;
}

resource::Repository bundle_repository(const OfflineSpec& spec) {
  return {.id = std::string(offline_repository),
          .name = "Packages of a bundle",
          .base_url = "file://" + spec.repository_directory,
          .keys = {},
          .enabled = false,
          .module_hotfixes = true};
}

void plan_package_bundle(const OfflineSpec& spec, const ArchiveContent& content, Plan& plan) {
  auto repository = bundle_repository(spec);
  for (const auto& file : content.files) {
    if (is_public_key(file.path)) {
      repository.keys.push_back("file://" + spec.packages_directory + file.path);
    }
  }
  const Because because{"packages come from the bundle, not from a network",
                        spec.packages.file.source};
  auto files = push_below(content, "the package bundle", spec.packages_directory, {});
  files.directories.insert(files.directories.begin(), spec.packages_directory);
  plan.add({.id = std::string(bundle_step),
            .resource = as_resource(std::move(files)),
            .because = because});
  plan.add({.id = "repository/offline",
            .resource = as_resource(std::move(repository)),
            .because = because,
            .after = {std::string(bundle_step)}});
}

void plan_image_archives(const Spec& spec, const Artifacts& artifacts, Plan& plan) {
  for (const auto& archive : artifacts.images) {
    plan.add(
        {.id = "images/" + archive.name,
         .resource = as_resource(resource::ImageArchive{.name = archive.name,
                                                        .local_path = archive.local_path,
                                                        .sha256 = archive.sha256,
                                                        .directory = spec.offline.images_directory,
                                                        .images = archive.images,
                                                        .socket = spec.containerd.socket}),
         .because = {"images come from files, not from a network", spec.offline.images.source},
         .after = {"containerd/service", "containerd/restart", "containerd/archive",
                   "containerd/packages"}});
  }
}

resource::PackageSet package_set(const Spec& spec, std::vector<resource::Package> packages) {
  const bool from_bundle = !spec.offline.packages.file.value.empty();
  return {std::move(packages), from_bundle ? std::string(offline_repository) : std::string()};
}

Step package_step(const Spec& spec, std::vector<resource::Package> packages, std::string title,
                  Step step) {
  step.packages = package_set(spec, std::move(packages));
  step.resource = as_resource(*step.packages, std::move(title));
  return step;
}

std::vector<std::string> after_repositories(std::vector<std::string> more) {
  more.insert(more.begin(), {"repository/gpgcheck", "repository/proxy", std::string(vault_step),
                             std::string(subscription_step), "repository/kubernetes",
                             "repository/containerd", "repository/offline"});
  return more;
}

}  // namespace konvoy::plan
