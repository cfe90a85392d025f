#include "app/configuration.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/diagnostic.hpp"
#include "support/golden.hpp"
#include "system/file.hpp"

using konvoy::app::ConfigurationInputs;
using konvoy::app::read_configuration;
using konvoy::value::Value;

namespace {

// Files of a user, in a directory whose name the messages must not show.
class Files {
 public:
  Files() : directory_(*konvoy::system::TemporaryDirectory::make()) {}
  std::string add(const std::string& name, const std::string& text) {
    const auto path = directory_.path() + "/" + name;
    REQUIRE(konvoy::system::write_file(path, text));
    return path;
  }
  [[nodiscard]] std::string without_directory(std::string text) const {
    const auto prefix = directory_.path() + "/";
    for (auto at = text.find(prefix); at != text.npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

 private:
  konvoy::system::TemporaryDirectory directory_;
};

Value merged(const ConfigurationInputs& inputs) {
  auto configuration = read_configuration(inputs);
  const auto problems =
      configuration ? "" : konvoy::base::render(configuration.error().diagnostics);
  INFO(problems);
  REQUIRE(configuration);
  return configuration->config.value;
}

}  // namespace

TEST_CASE("layers in the order of precedence, from the files that come with the program") {
  const auto value = merged({.image = "images/ami/centos-8.yaml",
                             .overrides = {"overrides/fips.yaml"},
                             .flags = {{.flag = "kubernetes-version", .values = {"1.22.0"}}},
                             .extra_vars = {"fips.level=2", "build_name=mine"}});
  CHECK(*value.at_path("fips.enabled") == Value(true));
  // Not set, it follows fips.enabled: a template could not say so, 'fips' would need itself.
  CHECK(value.at_path("fips.configure") == nullptr);
  CHECK(*value.at_path("fips.level") == Value("2"));
  CHECK(*value.at_path("build_name") == Value("mine"));
  CHECK(*value.at_path("kubernetes_full_version") == Value("1.22.0+fips.0"));
  CHECK(*value.at_path("containerd_version") == Value("1.4.7"));
}

TEST_CASE("what comes with the program gives no warning, alone and together") {
  for (const auto& image : konvoy::app::bundled_files()) {
    if (!image.path.starts_with("images/") || image.path == "images/common.yaml") continue;
    CAPTURE(std::string(image.path));
    const auto configuration =
        read_configuration({.image = std::string(image.path),
                            .overrides = {"overrides/fips.yaml", "overrides/fips-configure.yaml",
                                          "overrides/offline-fips.yaml", "overrides/nvidia.yaml",
                                          "overrides/rhck.yaml", "overrides/runtags.yaml"},
                            .strict = true});
    const auto problems =
        configuration ? "" : konvoy::base::render(configuration.error().diagnostics);
    INFO(problems);
    CHECK(configuration.ok());
  }
}

TEST_CASE("inventory variables stand between the defaults and the image") {
  const auto configuration = read_configuration({.image = "images/generic/centos-8.yaml"});
  REQUIRE(configuration);
  konvoy::value::Map variables;
  variables.set("containerd_version", Value("1.5.0"));
  variables.set("build_name", Value("ignored"));
  const auto config = konvoy::app::with_inventory(*configuration, Value(variables));
  REQUIRE(config);
  CHECK(*config->value.at_path("containerd_version") == Value("1.5.0"));
  CHECK(*config->value.at_path("build_name") == Value("centos-8"));
}

TEST_CASE("the problems of all files come together, ordered by file and line") {
  Files files;
  const auto image = files.add("1-image.yaml", "build_name: x\nbuild_name: y\npacker: [\n");
  const auto first = files.add("2-first.yaml", "kubernets_version: '1.22'\nfips: true\n");
  const auto second = files.add("3-second.yaml", "a: {{ b }}\n");
  auto configuration = read_configuration(
      {.image = image, .overrides = {first, second, "none.yaml"}, .extra_vars = {"word"}});
  REQUIRE_FALSE(configuration);
  konvoy::test::check_golden(
      "app/golden/all-problems.txt",
      files.without_directory(konvoy::base::render(configuration.error().diagnostics)));
}

TEST_CASE("with --strict a warning is an error") {
  Files files;
  const auto file = files.add("o.yaml", "a: 1\na: 2\n");
  ConfigurationInputs inputs{.overrides = {file}};
  auto lenient = read_configuration(inputs);
  REQUIRE(lenient);
  CHECK(lenient->warnings.size() == 1);
  inputs.strict = true;
  auto strict = read_configuration(inputs);
  REQUIRE_FALSE(strict);
  CHECK(strict.error().kind == konvoy::base::ErrorKind::input);
  CHECK(strict.error().diagnostics[0].severity == konvoy::base::Severity::error);
}
