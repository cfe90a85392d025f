#include "app/subscription.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "execute/run_host.hpp"
#include "facts/gather.hpp"
#include "plan/planners.hpp"
#include "plan/sysprep.hpp"

namespace konvoy::app {
namespace {

struct EnvironmentVariable {
  const char* name;
  std::string_view variable;
  bool secret;
};

// The names that konvoy-image-builder reads.
constexpr auto environment = std::to_array<EnvironmentVariable>({
    {"RHSM_USER", "rhsm_user", false},
    {"RHSM_PASS", "rhsm_password", true},
    {"RHSM_ORG_ID", "rhsm_org_id", false},
    {"RHSM_ACTIVATION_KEY", "rhsm_activation_key", true},
    {"RHSM_CONSUMER_NAME", "rhsm_consumer_name", false},
    {"RHSM_POOL_ID", "rhsm_pool_id", false},
    {"RHSM_ENVIRONMENT", "rhsm_environment", false},
});

// An interrupted run is cleaned up, too: nothing here looks at its request to stop.
base::Result<void> give_back(const ChosenHost& host, const ProvisionServices& services) {
  KONVOY_TRY(const auto target, services.open(host));
  KONVOY_TRY(const auto facts, facts::gather(*target));
  const auto outcome = execute::apply_host(
      *target, facts, plan::plan_subscription_end(),
      {.run_id = "subscription", .clock = services.clock, .random = {}, .events = services.events});
  if (outcome.state == execute::HostState::ok) return {};
  if (outcome.error) return *outcome.error;
  const auto* step = outcome.failed_step();
  if (step != nullptr && !step->problems.empty()) {
    return base::Error(base::ErrorKind::run, step->problems);
  }
  return base::Error(base::ErrorKind::run, "it could not be unregistered");
}

// A run whose record could not be written tells nothing.
bool may_be_ours(const record::Record& record) {
  using execute::StepState;
  for (const auto& host : record.hosts) {
    for (const auto& step : host.outcome.steps) {
      if (step.step == plan::subscription_step && step.state != StepState::skipped) return true;
    }
  }
  return record.hosts.empty();
}

}  // namespace

value::Map with_subscription(value::Map config) {
  for (const auto& [name, variable, secret] : environment) {
    const char* text = std::getenv(name);
    if (text == nullptr || *text == '\0') continue;
    value::Value given(text);
    config.set(std::string(variable), secret ? given.as_secret() : given);
  }
  return config;
}

base::Error give_back_subscription(base::Error error, const record::Record& record,
                                   const ChosenHost& host, const ProvisionServices& services) {
  if (!may_be_ours(record)) return error;
  const auto given_back = give_back(host, services);
  if (given_back) return error;
  return std::move(error).with_note(fmt::format(
      "the machine may still be registered with Red Hat: {}", given_back.error().message()));
}

}  // namespace konvoy::app
