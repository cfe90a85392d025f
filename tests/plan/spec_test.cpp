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

TEST_CASE("containerd from an archive is refused before anything is planned") {
  auto config = minimal();
  config.set("containerd_form", "archive");
  config.set("containerd_url", "https://example.invalid/c.tar.gz");
  CHECK(problems_of(config) ==
        std::vector<std::string>{"containerd can't be installed from an archive yet"});
}

TEST_CASE("etcd's tag") {
  CHECK(etcd_tag_for("3.4.13-0", "") == "v3.4.13_fips.0");
  CHECK(etcd_tag_for("3.4.13-0", "v3.4.13_fips") == "v3.4.13_fips");
  CHECK(etcd_tag_for("", "").empty());
}
