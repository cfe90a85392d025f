#include "plan/transactions.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "plan/fips.hpp"
#include "plan/planners.hpp"
#include "resource/package_digests.hpp"
#include "resource/package_look.hpp"

namespace konvoy::plan {
namespace {

// The steps that can be one, by their places in the plan.
std::vector<std::size_t> joinable(const Plan& plan) {
  std::vector<std::size_t> places;
  std::set<std::string> joined;
  std::set<std::string> between;  // ids of steps behind the first, which are not joined
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto& step = plan.steps[i];
    const bool waits = std::ranges::any_of(
        step.after, [&](const std::string& id) { return between.contains(id); });
    const bool joins = step.packages && !waits &&
                       (places.empty() || step.packages->only_repository ==
                                              plan.steps[places[0]].packages->only_repository);
    if (joins) places.push_back(i);
    else if (!places.empty()) between.insert(step.id);
  }
  return places;
}

Step joined_step(const Plan& plan, const std::vector<std::size_t>& places) {
  auto packages = *plan.steps[places[0]].packages;
  packages.packages.clear();
  std::vector<std::string> names;
  Step step{.id = joined_packages};
  for (const auto place : places) {
    const auto& part = plan.steps[place];
    names.push_back(part.resource.name);
    packages.packages.insert(packages.packages.end(), part.packages->packages.begin(),
                             part.packages->packages.end());
    step.after.insert(step.after.end(), part.after.begin(), part.after.end());
  }
  const auto name = base::join(names, ", ");
  step.because = {"in one transaction for " + name, {}};
  step.resource = as_resource(packages, name);
  step.packages = std::move(packages);
  return step;
}

std::vector<resource::Repository> repositories_to_come(const Spec& spec) {
  if (!spec.offline.packages.file.value.empty()) return {bundle_repository(spec.offline)};
  std::vector<resource::Repository> repositories;
  for (auto& own : own_repositories(spec)) repositories.push_back(std::move(own.repository));
  return repositories;
}

}  // namespace

Plan join_packages(Plan plan) {
  const auto places = joinable(plan);
  if (places.size() < 2) return plan;
  auto joined = joined_step(plan, places);
  std::set<std::string> old;
  for (const auto place : places) old.insert(plan.steps[place].id);
  std::erase_if(joined.after, [&](const std::string& id) { return old.contains(id); });
  plan.steps[places[0]] = std::move(joined);
  std::erase_if(plan.steps, [&](const Step& step) { return old.contains(step.id); });
  for (auto& step : plan.steps) {
    for (auto& id : step.after) {
      if (old.contains(id)) id = joined_packages;
    }
  }
  return plan;
}

Plan without_trials(Plan plan) {
  const auto answers =
      std::ranges::find_if(plan.steps, [](const Step& step) { return step.id == answers_step; });
  std::optional<resource::Resource> explanation;
  if (answers != plan.steps.end()) {
    explanation = std::move(answers->resource);
    plan.steps.erase(answers);
  }
  for (auto& step : plan.steps) {
    if (!step.packages) continue;
    step.packages->tried_first = false;
    step.resource = as_resource(*step.packages, step.resource.name);
    step.explanation = explanation;
  }
  return plan;
}

Plan look_before_packages(Plan plan, const Spec& spec, const facts::HostFacts& facts) {
  if (!resource::needs_strong_digests(facts)) return plan;
  resource::PackageLook look{.set = package_set(spec, {}),
                             .repositories = repositories_to_come(spec),
                             .proxy = package_proxy(spec).value};
  for (const auto& step : plan.steps) {
    if (step.id == vault_step) look.vault = look.set.only_repository.empty();
    const bool looked_at =
        step.packages && step.packages->only_repository == look.set.only_repository;
    if (!looked_at) continue;
    look.set.packages.insert(look.set.packages.end(), step.packages->packages.begin(),
                             step.packages->packages.end());
  }
  if (look.set.packages.empty()) return plan;
  const auto changing =
      std::stable_partition(plan.steps.begin(), plan.steps.end(),
                            [](const Step& step) { return step.id == fips_preflight_step; });
  const auto rest = std::stable_partition(changing, plan.steps.end(), [](const Step& step) {
    return step.id == bundle_step || step.id == subscription_step;
  });
  plan.steps.insert(
      rest,
      {.id = "packages/digests",
       .resource = as_resource(std::move(look)),
       .because = {"nothing is changed for packages that can't be installed in FIPS mode", {}},
       .after = {std::string(bundle_step), std::string(subscription_step)}});
  return plan;
}

}  // namespace konvoy::plan
