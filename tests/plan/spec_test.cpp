#include "plan/spec.hpp"

#include <doctest/doctest.h>

using namespace konvoy::plan;
using konvoy::value::List;
using konvoy::value::Map;
using konvoy::value::Value;

namespace {

Map minimal() {
  Map config;
  config.set("kubernetes_version", "1.21.3");
  config.set("containerd_version", "1.4.7");
  config.set("docker_rpm_repository_url", "https://example.invalid/c");
  config.set("docker_rpm_gpg_key_url", "https://example.invalid/c/key");
  return config;
}

std::vector<std::string> problems_of(const Map& config) {
  const auto spec = decode_spec(Value(config));
  std::vector<std::string> messages;
  if (spec) return messages;
  for (const auto& problem : spec.error().diagnostics) messages.push_back(problem.message);
  return messages;
}

}  // namespace

TEST_CASE("a configuration becomes a Spec") {
  auto config = minimal();
  Map fips;
  fips.set("enabled", "true");
  config.set("fips", Value(fips));
  config.set("default_image_repo", "hub.docker.io/mesosphere");
  config.set("etcd_version", "3.4.13-0");
  config.set("pause_image_version", "3.4.1");
  config.set("extra_images", Value(List{"a:1"}));
  const auto spec = decode_spec(Value(config));
  REQUIRE(spec.ok());
  CHECK(spec->kubernetes.package_version.value == "1.21.3-0");
  CHECK(spec->containerd.form == ContainerdForm::package);
  CHECK(spec->containerd.sandbox_image == "registry.k8s.io/pause:3.4.1");
  CHECK(spec->fips.enabled.value);
  CHECK(spec->fips.configure.value);
  CHECK(spec->fips.image_repository == "docker.io/mesosphere");
  CHECK(spec->fips.etcd_tag == "v3.4.13_fips.0");
  CHECK(spec->images == std::vector<std::string>{"a:1"});
}

TEST_CASE("all problems come together") {
  Map config;
  config.set("containerd_version", 1.4);
  config.set("kubernetes_rpm_repository_url", "https://example.invalid/k");
  config.set("fips", true);
  config.set("extra_rpms", "socat");
  CHECK(problems_of(config) ==
        std::vector<std::string>{
            "'kubernetes_version' is not set",
            "'kubernetes_rpm_repository_url' has no 'kubernetes_rpm_gpg_key_url'",
            "'containerd_version' must be text, it is number",
            "there is no source for containerd",
            "'fips' must be a map, it is boolean",
            "'extra_rpms' must be a list",
        });
}

TEST_CASE("versions are looked at") {
  auto config = minimal();
  config.set("kubernetes_version", "v1.21.3");
  CHECK(problems_of(config) ==
        std::vector<std::string>{"'kubernetes_version' is no version: 'v1.21.3'"});
}

TEST_CASE("where the archive of containerd comes from") {
  auto config = minimal();
  config.set("containerd_form", "archive");
  CHECK(problems_of(config) == std::vector<std::string>{"there is no source for containerd"});
  config.set("containerd_url", "https://example.invalid/c.tar.gz");
  config.set("containerd_sha256", "aa");
  const auto by_url = decode_spec(Value(config));
  REQUIRE(by_url.ok());
  CHECK(by_url->containerd.form == ContainerdForm::archive);
  CHECK(by_url->containerd.archive.url.value == "https://example.invalid/c.tar.gz");
  CHECK(by_url->containerd.archive.sha256.value == "aa");
  CHECK(by_url->containerd.repository.url.value.empty());

  // The digest of one archive says nothing of another.
  config.set("containerd_base_url", "https://example.invalid/dkp");
  config.set("containerd_tar_file", "fips.tar.gz");
  const auto named = decode_spec(Value(config));
  REQUIRE(named.ok());
  CHECK(named->containerd.archive.url.value == "https://example.invalid/dkp/fips.tar.gz");
  CHECK(named->containerd.archive.sha256.value.empty());
  CHECK(named->containerd.archive.sha256_variable == "containerd_tar_sha256");
}

TEST_CASE("a bundle of containerd wins over its repository") {
  auto config = minimal();
  config.set("containerd_local_bundle_file", "artifacts/c.tar.gz");
  const auto bundle = decode_spec(Value(config));
  REQUIRE(bundle.ok());
  CHECK(bundle->containerd.form == ContainerdForm::archive);
  CHECK(bundle->containerd.archive.file.value == "artifacts/c.tar.gz");
  config.set("containerd_form", "package");
  const auto package = decode_spec(Value(config));
  REQUIRE(package.ok());
  CHECK(package->containerd.form == ContainerdForm::package);
}

TEST_CASE("etcd's tag") {
  CHECK(etcd_tag_for("3.4.13-0", "") == "v3.4.13_fips.0");
  CHECK(etcd_tag_for("3.4.13-0", "v3.4.13_fips") == "v3.4.13_fips");
  CHECK(etcd_tag_for("", "").empty());
}
