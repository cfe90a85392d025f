#include "app/generate.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>

#include "json/reader.hpp"
#include "support/golden.hpp"
#include "support/still_clock.hpp"
#include "system/file.hpp"
#include "yaml/reader.hpp"

namespace app = konvoy::app;
using konvoy::value::Value;

namespace {

app::Configuration configuration_of(const app::ConfigurationInputs& inputs) {
  auto configuration = app::read_configuration(inputs);
  REQUIRE(configuration);
  return std::move(configuration).value();
}

std::string text_of(const std::string& path) {
  auto bytes = konvoy::system::read_file(path);
  REQUIRE(bytes);
  return *bytes;
}

unsigned mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("config.yaml reads back as the configuration, packer_vars.json as its variables") {
  const auto directory = konvoy::system::TemporaryDirectory::make();
  REQUIRE(directory);
  const auto configuration =
      configuration_of({.image = "images/ami/centos-8.yaml", .overrides = {"overrides/fips.yaml"}});
  const auto work_dir = directory->path() + "/w";
  const auto generated = app::generate(configuration, {.work_dir = work_dir, .version = "1.0"});
  REQUIRE(generated);
  CHECK(generated->work_dir == work_dir);
  CHECK(generated->build_name == "centos-8-fips");
  const auto config = konvoy::yaml::parse("c", text_of(work_dir + "/config.yaml"));
  REQUIRE(config);
  CHECK(config->value == configuration.config.value);
  auto vars = konvoy::json::parse("p", text_of(work_dir + "/packer_vars.json"));
  REQUIRE(vars);
  CHECK(*vars->at_path("ansible_extra_vars") == Value("@" + work_dir + "/config.yaml"));
  CHECK(*vars->at_path("goss_url") == Value(""));
  CHECK(mode_of(work_dir + "/config.yaml") == 0644);
  CHECK(mode_of(work_dir + "/packer_vars.json") == 0644);
}

TEST_CASE("files with secrets are for their owner alone, and hold the secrets") {
  const auto directory = konvoy::system::TemporaryDirectory::make();
  REQUIRE(directory);
  const auto configuration =
      configuration_of({.extra_vars = {"rhsm_password=hunter2", "packer.ssh_bastion_password=p4"}});
  const auto generated = app::generate(configuration, {.work_dir = directory->path()});
  REQUIRE(generated);
  CHECK(mode_of(directory->path() + "/config.yaml") == 0600);
  CHECK(mode_of(directory->path() + "/packer_vars.json") == 0600);
  CHECK(text_of(directory->path() + "/config.yaml").find("hunter2") != std::string::npos);
}

TEST_CASE("provenance as comments does not show secrets") {
  const auto directory = konvoy::system::TemporaryDirectory::make();
  REQUIRE(directory);
  const auto configuration =
      configuration_of({.overrides = {"overrides/fips.yaml"},
                        .extra_vars = {"rhsm_password=one", "rhsm_password=two"}});
  REQUIRE(app::generate(configuration, {.work_dir = directory->path(), .provenance = true}));
  const auto text = text_of(directory->path() + "/config.yaml");
  CHECK(text.find("  # overrides/fips.yaml:8:12, replaces false (images/common.yaml:") !=
        std::string::npos);
  CHECK(text.find("one") == std::string::npos);
  const auto again = konvoy::yaml::parse("c", text);
  REQUIRE(again);
  CHECK(again->value == configuration.config.value);
}

TEST_CASE("a new work directory has the name of the build, the time and a random part") {
  const auto first =
      app::new_work_dir("a/b-fips", konvoy::test::StillClock(std::chrono::seconds(1627776000)));
  CHECK(first.starts_with("work/a-b-fips-1627776000-"));
  CHECK(first !=
        app::new_work_dir("a/b-fips", konvoy::test::StillClock(std::chrono::seconds(1627776000))));
}

TEST_CASE("only what was written for later runs is used by them") {
  const auto directory = konvoy::system::TemporaryDirectory::make();
  REQUIRE(directory);
  const auto work_dir = directory->path() + "/w";
  CHECK_FALSE(app::is_generated(""));
  CHECK_FALSE(app::is_generated(work_dir));
  const auto configuration = configuration_of({.image = "images/ami/centos-8.yaml"});
  REQUIRE(app::generate(configuration, {.work_dir = work_dir}));
  CHECK_FALSE(app::is_generated(work_dir));
  REQUIRE(app::generate(configuration, {.work_dir = work_dir, .for_later = true}));
  CHECK(app::is_generated(work_dir));
  const auto again = configuration_of({.image = app::config_file(work_dir)});
  CHECK(again.config.value == configuration.config.value);
}
