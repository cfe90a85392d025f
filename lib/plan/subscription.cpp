// Red Hat's subscription: what rhsm_* ask for.
#include <fmt/format.h>

#include "plan/decode.hpp"
#include "plan/planners.hpp"
#include "plan/sysprep.hpp"
#include "resource/subscription.hpp"

namespace konvoy::plan {
namespace {

// Without its place: an excerpt would show it.
base::Secret secret_text(Fields& fields, const std::string& path) {
  const auto* found = fields.find(path);
  if (found == nullptr || found->is_null()) return {};
  if (const auto* text = found->string()) return base::Secret(*text);
  fields.problem(fmt::format("'{}' must be text", path), {}, "put it in quotes");
  return {};
}

void check(Fields& fields, const SubscriptionSpec& spec) {
  const bool by_user = !spec.user.value.empty() || !spec.password.empty();
  const bool by_key = !spec.organisation.value.empty() || !spec.activation_key.empty();
  if (by_user && by_key) {
    fields.problem("a machine is registered by a user or by an activation key, both are given",
                   spec.user.source,
                   "give 'rhsm_user' and 'rhsm_password', or 'rhsm_org_id' and "
                   "'rhsm_activation_key'; RHSM_... in the environment count, too");
  } else if (by_user && (spec.user.value.empty() || spec.password.empty())) {
    fields.problem("'rhsm_user' and 'rhsm_password' belong together, one is missing",
                   spec.user.source, "RHSM_USER and RHSM_PASS in the environment are these two");
  } else if (by_key && (spec.organisation.value.empty() || spec.activation_key.empty())) {
    fields.problem("'rhsm_org_id' and 'rhsm_activation_key' belong together, one is missing",
                   spec.organisation.source,
                   "RHSM_ORG_ID and RHSM_ACTIVATION_KEY in the environment are these two");
  }
}

}  // namespace

SubscriptionSpec decode_subscription(Fields& fields) {
  SubscriptionSpec spec{.user = fields.text("rhsm_user"),
                        .password = secret_text(fields, "rhsm_password"),
                        .organisation = fields.text("rhsm_org_id"),
                        .activation_key = secret_text(fields, "rhsm_activation_key"),
                        .consumer_name = fields.text("rhsm_consumer_name").value,
                        .pool = fields.text("rhsm_pool_id").value,
                        .environment = fields.text("rhsm_environment").value};
  check(fields, spec);
  return spec;
}

void plan_subscription(const Spec& spec, const facts::HostFacts& facts, Plan& plan) {
  const auto& wanted = spec.subscription;
  const bool by_user = !wanted.user.value.empty();
  if (facts.os_id != "rhel" || (!by_user && wanted.organisation.value.empty())) return;
  resource::Subscription subscription{.secret_option = by_user ? "--password" : "--activationkey",
                                      .secret = by_user ? wanted.password : wanted.activation_key,
                                      .pool = wanted.pool};
  auto& arguments = subscription.arguments;
  if (by_user) {
    arguments.push_back("--username=" + wanted.user.value);
    if (wanted.pool.empty()) arguments.emplace_back("--auto-attach");
    if (!wanted.environment.empty()) arguments.push_back("--environment=" + wanted.environment);
  } else {
    arguments.push_back("--org=" + wanted.organisation.value);
  }
  if (!wanted.consumer_name.empty()) arguments.push_back("--name=" + wanted.consumer_name);
  arguments.push_back("--release=" + facts.distribution_version);
  plan.add({.id = std::string(subscription_step),
            .resource = as_resource(std::move(subscription)),
            .because = {"Red Hat's repositories are open to registered machines",
                        by_user ? wanted.user.source : wanted.organisation.source}});
}

Plan plan_subscription_end() {
  Plan plan;
  plan.add({.id = "sysprep/subscription",
            .resource = as_resource(resource::SubscriptionGivenBack{}),
            .because = {"each machine registers itself", {}}});
  return plan;
}

}  // namespace konvoy::plan
