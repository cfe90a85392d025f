#include <doctest/doctest.h>

#include "plan/planners.hpp"
#include "support/golden.hpp"

using namespace konvoy::plan;
using konvoy::facts::HostFacts;
using konvoy::facts::PackageManager;
using konvoy::value::Map;
using konvoy::value::Value;

namespace {

Map config_for(const char* provider) {
  Map config;
  config.set("kubernetes_version", "1.21.3");
  config.set("containerd_version", "1.4.7");
  config.set("docker_rpm_repository_url", "https://example.invalid/c");
  config.set("docker_rpm_gpg_key_url", "https://example.invalid/c/key");
  config.set("packer_builder_type", provider);
  for (const auto* prefix : {"azure_cli_rpm", "google_cloud_cli_rpm"}) {
    config.set(prefix + std::string("_repository_url"), "https://example.invalid/tool");
    config.set(prefix + std::string("_gpg_key_url"), "https://example.invalid/tool/key");
  }
  config.set("ssm_agent_rpm_url", "https://example.invalid/agent.rpm");
  config.set("ssm_agent_rpm_gpg_key_url", "https://example.invalid/agent.key");
  return config;
}

std::string steps_of(const Map& config) {
  const auto spec = decode_spec(Value(config));
  REQUIRE(spec.ok());
  Plan plan;
  plan_provider(*spec, HostFacts{.major_version = 8, .package_manager = PackageManager::dnf}, plan);
  std::string text;
  for (const auto& step : plan.steps) {
    text += step.id + ": " + step.resource.kind + " " + step.resource.name + "\n";
  }
  return text;
}

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what each provider's machines get") {
  std::string all;
  for (const auto* provider : {"amazon", "azure", "googlecompute", "vsphere", "qemu", "null", ""}) {
    all += "# " + std::string(provider) + "\n" + steps_of(config_for(provider));
  }
  konvoy::test::check_golden("plan/golden/providers.txt", all);
}

TEST_CASE("providers go by the names that Packer's builders have") {
  CHECK(steps_of(config_for("amazon-ebs")) == steps_of(config_for("amazon")));
  CHECK(steps_of(config_for("azure-arm")) == steps_of(config_for("azure")));
  CHECK(steps_of(config_for("gcp")) == steps_of(config_for("googlecompute")));
  CHECK(steps_of(config_for("vmware-iso")) == steps_of(config_for("vsphere")));
  const auto unknown = decode_spec(Value(config_for("azur")));
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().message() == "there is no provider 'azur'");
}

TEST_CASE("the SSM agent is installed with its key, or not at all") {
  auto config = config_for("amazon");
  config.set("ssm_agent_rpm_gpg_key_url", "");
  const auto advised = steps_of(config);
  CHECK(has(advised, "provider/ssm-agent-key: advice amazon-ssm-agent"));
  CHECK_FALSE(has(advised, "provider/ssm-agent:"));
  config.set("ssm_agent_rpm_url", "");
  CHECK_FALSE(has(steps_of(config), "ssm-agent"));
}

TEST_CASE("without repositories of ours there is no provider's command line") {
  auto config = config_for("azure");
  Map versions;
  versions.set("enable_repository_installation", false);
  config.set("package_versions", Value(versions));
  const auto spec = decode_spec(Value(config));
  REQUIRE(spec.ok());
  CHECK(provider_packages(*spec).size() == 2);
  CHECK_FALSE(has(steps_of(config), "azure-cli-repository"));
}
