#include "plan/transactions.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

using namespace konvoy::plan;
using konvoy::resource::Package;
using konvoy::resource::PackageSet;

namespace {

Step installs(const std::string& id, std::vector<Package> packages, std::vector<std::string> after,
              const std::string& repository = "") {
  const PackageSet set{std::move(packages), repository};
  return {.id = id,
          .resource = as_resource(set, id.substr(0, id.find('/'))),
          .because = {},
          .after = std::move(after),
          .packages = set};
}

Step other(const std::string& id, std::vector<std::string> after = {}) {
  return {.id = id, .resource = {}, .because = {}, .after = std::move(after)};
}

std::string shown(const Plan& plan) {
  std::string text;
  for (const auto& step : plan.steps) {
    text += step.id;
    for (const auto& id : step.after) text += " <" + id;
    if (step.packages) {
      for (const auto& package : step.packages->packages) text += " " + spec_of(package);
    }
    text += "\n";
  }
  return text;
}

konvoy::facts::HostFacts in_fips_mode() {
  konvoy::facts::HostFacts facts;
  facts.package_manager = konvoy::facts::PackageManager::dnf;
  facts.live = true;
  facts.fips_enabled = true;
  return facts;
}

}  // namespace

TEST_CASE("sets become one in the place of the first, and others wait for that") {
  Plan plan{{other("repository/a"), installs("packages/base", {{"socat", ""}}, {"repository/a"}),
             other("kernel/modules"),
             installs("kubernetes/packages", {{"kubelet", "1.21.3-0"}}, {"packages/base"}),
             other("kubernetes/kubelet", {"kubernetes/packages", "kernel/modules"})}};
  const auto joined = join_packages(plan);
  CHECK(shown(joined) ==
        "repository/a\n"
        "packages/all <repository/a socat kubelet-1.21.3-0\n"
        "kernel/modules\n"
        "kubernetes/kubelet <packages/all <kernel/modules\n");
  CHECK(joined.steps[1].resource.name == "packages, kubernetes");
  CHECK(joined.steps[1].because.reason == "in one transaction for packages, kubernetes");
}

TEST_CASE("a machine in FIPS mode is asked first what its rpm can verify") {
  const Plan plan{{other("repository/kubernetes"), installs("packages/all", {{"kubelet", ""}}, {}),
                   installs("bundle/packages", {{"agent", ""}}, {}, "bundle")}};
  auto facts = in_fips_mode();
  const auto looked = look_before_packages(plan, {}, facts);
  CHECK(
      shown(looked).starts_with("packages/digests <repository/bundle <repository/subscription\n"
                                "repository/kubernetes\n"));
  CHECK(looked.steps[0].resource.kind == "package");
  facts.fips_enabled = false;
  CHECK(shown(look_before_packages(plan, {}, facts)) == shown(plan));
  facts.fips_enabled = true;
  CHECK(shown(look_before_packages({{plan.steps[2]}}, {}, facts)) == shown(Plan{{plan.steps[2]}}));
}

TEST_CASE("only what makes packages visible comes before that, and what changes nothing") {
  const Plan plan{{other("repository/gpgcheck"), other("repository/subscription"),
                   other("repository/bundle"), other("fips/preflight"),
                   installs("packages/all", {{"kubelet", ""}}, {}, "konvoy-image-offline")}};
  konvoy::plan::Spec spec;
  spec.offline.packages.file.value = "packages.tar.gz";
  const auto looked = look_before_packages(plan, spec, in_fips_mode());
  CHECK(shown(looked) ==
        "fips/preflight\n"
        "repository/subscription\n"
        "repository/bundle\n"
        "packages/digests <repository/bundle <repository/subscription\n"
        "repository/gpgcheck\n"
        "packages/all kubelet\n");
}

TEST_CASE("without trials, the look at repositories only explains") {
  const Plan plan{{other("repository/answers"), other("repository/kubernetes"),
                   installs("packages/all", {{"kubelet", ""}}, {})}};
  const auto quick = without_trials(plan);
  CHECK(shown(quick) == "repository/kubernetes\npackages/all kubelet\n");
  CHECK_FALSE(quick.steps[1].packages->tried_first);
  CHECK(quick.steps[1].explanation);
  CHECK(quick.steps[1].resource.name == "packages");
  CHECK_FALSE(quick.steps[0].explanation);
}

TEST_CASE("a set whose repository comes later, or that comes from elsewhere, stays on its own") {
  const Plan plan{{installs("packages/base", {{"socat", ""}}, {}), other("provider/repository"),
                   installs("provider/packages", {{"azure-cli", ""}}, {"provider/repository"}),
                   installs("agent/packages", {{"agent", ""}}, {}, "bundle")}};
  CHECK(shown(join_packages(plan)) == shown(plan));
}

TEST_CASE("one set alone keeps its name") {
  const Plan plan{{other("a/b"), installs("kubernetes/packages", {{"kubelet", ""}}, {"a/b"})}};
  CHECK(shown(join_packages(plan)) == shown(plan));
}
