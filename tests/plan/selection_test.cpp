#include "plan/selection.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

using namespace konvoy::plan;

namespace {

Plan sample() {
  Plan plan;
  for (const auto* id :
       {"repository/kubernetes", "kubernetes/packages", "kubernetes/lock", "containerd/config"}) {
    plan.add({.id = id, .resource = {}, .because = {}});
  }
  return plan;
}

std::string selected(const Selection& selection) {
  auto plan = select(sample(), selection);
  if (!plan) return plan.error().message();
  std::vector<std::string> ids;
  for (const auto& step : plan->steps) ids.push_back(step.id);
  return konvoy::base::join(ids, " ");
}

}  // namespace

TEST_CASE("roles and steps are chosen by name") {
  CHECK(selected({}) ==
        "repository/kubernetes kubernetes/packages kubernetes/lock containerd/config");
  CHECK(selected({.only = {"kubernetes"}}) == "kubernetes/packages kubernetes/lock");
  CHECK(selected({.only = {"kubernetes"}, .skip = {"kubernetes/lock"}}) == "kubernetes/packages");
  CHECK(selected({.start_at = "kubernetes/lock"}) == "kubernetes/lock containerd/config");
}

TEST_CASE("an unknown name is an error with a suggestion") {
  const auto result = select(sample(), {.only = {"kubernets"}, .start_at = "kubernetes"});
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == konvoy::base::ErrorKind::usage);
  CHECK(result.error().diagnostics.size() == 2);
  CHECK(result.error().diagnostics[0].message ==
        "--only: there is no role or step 'kubernets' in the plan");
  CHECK(result.error().diagnostics[0].hint == "did you mean 'kubernetes'?");
}
