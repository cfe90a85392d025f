#include "config/packer_vars.hpp"

#include <doctest/doctest.h>

#include <string>

#include "config/documents.hpp"
#include "config/taint.hpp"
#include "json/render.hpp"

using konvoy::config::LayerKind;
using konvoy::test::layer;

namespace {

konvoy::value::Value vars_of(std::string text) {
  const auto config = konvoy::config::taint(layer(LayerKind::image, std::move(text)).value);
  return konvoy::config::packer_vars(config, {.config_file = "/w/config.yaml", .version = "1.0"});
}

}  // namespace

TEST_CASE("everything is text, ordered, and complete without any setting") {
  CHECK(konvoy::json::render(vars_of("{}")) ==
        "{\n"
        "  \"ansible_extra_vars\": \"@/w/config.yaml\",\n"
        "  \"build_name\": \"provision_build\",\n"
        "  \"build_name_extra\": \"\",\n"
        "  \"containerd_version\": \"\",\n"
        "  \"gpu\": \"false\",\n"
        "  \"gpu_nvidia_version\": \"\",\n"
        "  \"gpu_types\": \"\",\n"
        "  \"http_proxy\": \"\",\n"
        "  \"https_proxy\": \"\",\n"
        "  \"konvoy_image_builder_version\": \"1.0\",\n"
        "  \"kubernetes_full_version\": \"\",\n"
        "  \"no_proxy\": \"\",\n"
        "  \"ssh_bastion_host\": \"\",\n"
        "  \"ssh_bastion_password\": \"\",\n"
        "  \"ssh_bastion_private_key_file\": \"\",\n"
        "  \"ssh_bastion_username\": \"\"\n"
        "}\n");
}

TEST_CASE("values as Go prints them; maps stay maps") {
  const auto vars = vars_of(
      "build_name: centos-8\n"
      "build_name_extra: -fips\n"
      "nvidia_driver_version: '470'\n"
      "gpu: {types: [nvidia, amd]}\n"
      "packer: {a: ~, b: false, c: 20, d: [], e: [x, 1], f: {g: 1}, h: 1.5}\n");
  const auto text = [&](const char* key) { return *vars.map()->find(key)->string(); };
  CHECK(text("build_name") == "centos-8-fips");
  CHECK(text("gpu") == "true");
  CHECK(text("gpu_types") == "nvidia,amd");
  CHECK(text("gpu_nvidia_version") == "470");
  CHECK(text("a").empty());
  CHECK(text("b") == "false");
  CHECK(text("c") == "20");
  CHECK(text("d") == "[]");
  CHECK(text("e") == "[x 1]");
  CHECK(text("h") == "1.5");
  CHECK(*vars.at_path("f.g")->string() == "1");
}

TEST_CASE("a secret stays marked") {
  const auto vars = vars_of("packer: {ssh_bastion_password: hunter2}\n");
  CHECK(vars.map()->find("ssh_bastion_password")->is_secret());
}
