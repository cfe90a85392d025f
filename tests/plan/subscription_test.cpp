#include <doctest/doctest.h>

#include "plan/planners.hpp"

using namespace konvoy::plan;
using konvoy::facts::HostFacts;
using konvoy::value::Map;
using konvoy::value::Value;

namespace {

Map with(std::initializer_list<std::pair<const char*, Value>> variables) {
  Map config;
  config.set("kubernetes_version", "1.21.3");
  config.set("containerd_version", "1.4.7");
  config.set("docker_rpm_repository_url", "https://example.invalid/c");
  config.set("docker_rpm_gpg_key_url", "https://example.invalid/c/key");
  for (const auto& [name, value] : variables) config.set(name, value);
  return config;
}

std::string problem_of(const Map& config) {
  const auto spec = decode_spec(Value(config));
  return spec ? "" : spec.error().message();
}

std::size_t steps_on(const char* os_id, const Map& config) {
  const auto spec = decode_spec(Value(config));
  REQUIRE(spec.ok());
  Plan plan;
  plan_subscription(*spec, HostFacts{.distribution_version = "8.4", .os_id = os_id}, plan);
  return plan.steps.size();
}

}  // namespace

TEST_CASE("only RHEL is registered, and only when something says how") {
  const auto by_user = with({{"rhsm_user", "me"}, {"rhsm_password", "p"}});
  CHECK(steps_on("rhel", by_user) == 1);
  CHECK(steps_on("centos", by_user) == 0);
  CHECK(steps_on("rhel", with({{"rhsm_org_id", "42"}, {"rhsm_activation_key", "k"}})) == 1);
  CHECK(steps_on("rhel", with({})) == 0);
}

TEST_CASE("a user or a key, and each whole") {
  CHECK(problem_of(with({{"rhsm_user", "me"}})) ==
        "'rhsm_user' and 'rhsm_password' belong together, one is missing");
  CHECK(problem_of(with({{"rhsm_activation_key", "k"}})) ==
        "'rhsm_org_id' and 'rhsm_activation_key' belong together, one is missing");
  CHECK(problem_of(with({{"rhsm_user", "me"}, {"rhsm_password", "p"}, {"rhsm_org_id", "42"}})) ==
        "a machine is registered by a user or by an activation key, both are given");
  CHECK(problem_of(with({{"rhsm_user", "me"}, {"rhsm_password", 12345}})) ==
        "'rhsm_password' must be text");
}
