#include <doctest/doctest.h>

#include <algorithm>

#include "../resource/answering.hpp"
#include "plan/planners.hpp"

using namespace konvoy::plan;
using konvoy::facts::HostFacts;
using konvoy::facts::PackageManager;
using konvoy::test::Machine;
using konvoy::test::shown;
using konvoy::value::Map;
using konvoy::value::Value;

namespace {

Map configuration() {
  Map config;
  config.set("kubernetes_version", "1.21.3");
  config.set("containerd_version", "1.4.7");
  config.set("docker_rpm_repository_url", "https://example.invalid/c");
  config.set("docker_rpm_gpg_key_url", "https://example.invalid/c/key");
  config.set("os_packages_local_bundle_file", "artifacts/packages.tar.gz");
  return config;
}

Spec spec_of(const Map& config) {
  auto spec = decode_spec(Value(config));
  REQUIRE(spec.ok());
  return *std::move(spec);
}

Artifacts bundle() {
  const std::string digest(64, 'a');
  return {.packages = ArchiveContent{
              .sha256 = digest,
              .files = {{"offline-repo/RPM-GPG-KEY-kubernetes", "/c/1", digest, 0644},
                        {"offline-repo/kubelet.rpm", "/c/2", digest, 0644},
                        {"offline-repo/repodata/repomd.xml", "/c/3", digest, 0644},
                        {"offline-repo/repodata/repomd.xml.asc", "/c/4", digest, 0644}}}};
}

const Step* find(const Plan& plan, std::string_view id) {
  const auto found = std::ranges::find(plan.steps, id, &Step::id);
  return found == plan.steps.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("where a bundle goes") {
  auto config = configuration();
  CHECK(spec_of(config).offline.repository_directory == "/opt/dkp/packages/offline-repo/");
  Map offline;
  offline.set("os_packages_remote_filesystem_repo_path", "/opt/dkp/packages//rpms/");
  config.set("offline", Value(offline));
  CHECK(spec_of(config).offline.repository_directory == "/opt/dkp/packages/rpms/");
  config.set("os_packages_remote_bundle_path", "/srv/bundle");
  const auto refused = decode_spec(Value(config));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message() ==
        "the repository '/opt/dkp/packages/rpms/' is not in '/srv/bundle/', where the bundle is "
        "unpacked");
}

TEST_CASE("with a bundle no other repository is asked or written") {
  const HostFacts el8{
      .major_version = 8, .os_id = "centos", .package_manager = PackageManager::dnf};
  const auto plan = make_plan(spec_of(configuration()), el8, bundle());
  CHECK(find(plan, "repository/answers") == nullptr);
  CHECK(find(plan, "repository/containerd") == nullptr);
  REQUIRE(find(plan, "repository/bundle") != nullptr);

  Machine machine;
  machine.facts = el8;
  const auto* repository = find(plan, "repository/offline");
  REQUIRE(repository != nullptr);
  const auto decision = machine.settle(repository->resource);
  REQUIRE(std::holds_alternative<konvoy::resource::Actions>(decision));
  const auto& written = std::get<konvoy::target::WriteFile>(
      std::get<konvoy::resource::Actions>(decision).actions.at(0).action);
  CHECK(written.content.reveal() ==
        "# Written by konvoy-image; changes are replaced.\n[konvoy-image-offline]\n"
        "name=Packages of a bundle\nbaseurl=file:///opt/dkp/packages/offline-repo/\nenabled=0\n"
        "gpgcheck=1\nrepo_gpgcheck=0\n"
        "gpgkey=file:///opt/dkp/packages/offline-repo/RPM-GPG-KEY-kubernetes\n"
        "module_hotfixes=1\nskip_if_unavailable=0\n");
}

TEST_CASE("every set of packages comes from the bundle") {
  const auto offline = spec_of(configuration());
  CHECK(package_set(offline, {}).only_repository == "konvoy-image-offline");
  auto config = configuration();
  config.set("os_packages_local_bundle_file", "");
  CHECK(package_set(spec_of(config), {}).only_repository.empty());
}

TEST_CASE(
    "saved images are imported where containerd runs or may be started, and spoken of elsewhere") {
  auto config = configuration();
  config.set("images_local_bundle_dir", "artifacts/images");
  auto artifacts = bundle();
  artifacts.images = {{"pause.tar", "/images/pause.tar", std::string(64, 'b'), {"r.invalid/p:1"}}};
  HostFacts live{.major_version = 8, .package_manager = PackageManager::dnf, .init = "systemd"};
  CHECK(find(make_plan(spec_of(config), live, artifacts), "images/pause.tar") != nullptr);
  live.init = "";
  const auto without_systemd = make_plan(spec_of(config), live, artifacts);
  CHECK(find(without_systemd, "images/pause.tar") == nullptr);
  const auto* later = find(without_systemd, "images/later");
  REQUIRE(later != nullptr);
  const auto decision = Machine().settle(later->resource);
  REQUIRE(std::holds_alternative<konvoy::resource::Actions>(decision));
  CHECK(std::get<konvoy::resource::Actions>(decision).warnings.size() == 1);
  live.live = false;
  const auto image = make_plan(spec_of(config), live, artifacts);
  CHECK(find(image, "images/pause.tar") != nullptr);
  CHECK(find(image, "images/later") == nullptr);
}
