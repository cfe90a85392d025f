#include "app/explain.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/configuration.hpp"
#include "json/render.hpp"
#include "support/golden.hpp"

namespace app = konvoy::app;
using konvoy::value::Value;

namespace {

app::Configuration fips_configuration() {
  auto configuration =
      app::read_configuration({.image = "images/ami/centos-8.yaml",
                               .overrides = {"overrides/fips.yaml"},
                               .extra_vars = {"rhsm_password=hunter2", "fips.enabled=yes"}});
  REQUIRE(configuration);
  return std::move(configuration).value();
}

}  // namespace

TEST_CASE("a value, where it is set, and the chain that it replaced") {
  const auto configuration = fips_configuration();
  const auto explanation = app::explain(configuration.config, "fips.enabled", {});
  REQUIRE(explanation);
  CHECK(explanation->value == Value("yes"));
  CHECK(explanation->replaced.size() == 2);
  konvoy::test::check_golden("app/golden/explain-one.txt", app::render_text(*explanation));
  konvoy::test::check_golden("app/golden/explain-one.json",
                             konvoy::json::render(app::to_value(*explanation)));
}

TEST_CASE("a template: what it depends on, and its value when that is known") {
  const auto configuration = fips_configuration();
  const auto key = std::string("kubernetes_rpm_repository_url");
  auto written = app::explain(configuration.config, key, {});
  REQUIRE(written);
  CHECK_FALSE(written->resolved);
  CHECK(written->depends_on == std::vector<std::string>{"ansible_distribution_major_version"});
  auto resolved =
      app::explain(configuration.config, key, [](const std::string&) { return Value("resolved"); });
  REQUIRE(resolved);
  CHECK(resolved->value == Value("resolved"));
  CHECK(app::render_text(*resolved).find("  template: https://") != std::string::npos);
  auto failed = app::explain(configuration.config, key, [](const std::string&) {
    return konvoy::base::Error(konvoy::base::ErrorKind::input, "'x' is not defined");
  });
  REQUIRE(failed);
  CHECK(app::render_text(*failed).find("not resolved: error: 'x' is not defined") !=
        std::string::npos);
}

TEST_CASE("facts behind other variables are told, the variables between are not") {
  const auto configuration = app::read_configuration(
      {.extra_vars = {"x={{ y }}", "y={{ z }}", "z={{ ansible_kernel }} {{ x }}"}});
  REQUIRE(configuration);
  const auto explanation = app::explain(configuration->config, "x", {});
  REQUIRE(explanation);
  CHECK(explanation->depends_on == std::vector<std::string>{"ansible_kernel", "y"});
}

TEST_CASE("names inside quotes, attributes and text outside of templates are no dependencies") {
  auto configuration = app::read_configuration(
      {.extra_vars = {"x=kubernetes_version {{ fips.enabled and 'etcd_version' }}"}});
  REQUIRE(configuration);
  auto explanation = app::explain(configuration->config, "x", {});
  CHECK(explanation->depends_on == std::vector<std::string>{"fips"});
}

TEST_CASE("a secret is masked") {
  const auto configuration = fips_configuration();
  auto explanation = app::explain(configuration.config, "rhsm_password", {});
  REQUIRE(explanation);
  CHECK(app::render_text(*explanation).find("hunter2") == std::string::npos);
  CHECK(konvoy::json::render(app::to_value(*explanation)).find("hunter2") == std::string::npos);
}

TEST_CASE("a key that nothing sets") {
  const auto configuration = fips_configuration();
  auto typo = app::explain(configuration.config, "fips.enable", {});
  REQUIRE_FALSE(typo);
  CHECK(typo.error().diagnostics[0].hint == "did you mean 'fips.enabled'?");
  auto known = app::explain(configuration.config, "no_proxy", {});
  REQUIRE_FALSE(known);
  CHECK(known.error().diagnostics[0].hint ==
        "it is known, but nothing sets it: hosts that are reached without the proxy");
}

TEST_CASE("what overrides and the command line changed, as a tree") {
  const auto configuration = fips_configuration();
  const auto all = app::explain_all(configuration.config, true, {});
  konvoy::test::check_golden("app/golden/explain-changed.txt", app::render_tree(all));
  CHECK(app::explain_all(configuration.config, false, {}).size() > all.size());
}
