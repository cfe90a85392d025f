#include "config/check.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "config/documents.hpp"

using konvoy::config::Layer;
using konvoy::config::LayerKind;
using konvoy::test::layer;

namespace {

std::string warnings_of(std::string text, std::string defaults = "own_name: 1\n") {
  const std::vector<Layer> layers = {layer(LayerKind::defaults, std::move(defaults), "c.yaml"),
                                     layer(LayerKind::overrides, std::move(text), "o.yaml")};
  return konvoy::base::render(konvoy::config::check(layers));
}

}  // namespace

TEST_CASE("an unknown key that is close to a known one") {
  CHECK(warnings_of("kubernets_version: '1'\n") ==
        "o.yaml:1:1: warning: unknown key 'kubernets_version'\n"
        "    1 | kubernets_version: '1'\n"
        "      | ^~~~~~~~~~~~~~~~~\n"
        "  note: no default, no image, no template and no other file uses it\n"
        "  hint: did you mean 'kubernetes_version'?\n");
  CHECK(warnings_of("fips: {enable: true}\n").find("unknown key 'fips.enable'") !=
        std::string::npos);
  CHECK(warnings_of("own_nam: 1\n").find("did you mean 'own_name'?") != std::string::npos);
}

TEST_CASE("what is no mistake") {
  CHECK(warnings_of("my_thing: 1\n").empty());  // nothing is close
  CHECK(warnings_of("kubernetes_versio: 1\nx: '{{ kubernetes_versio }}'\n").empty());
  CHECK(warnings_of("epel_centos_9_rpm: x\n").empty());  // another number
  CHECK(warnings_of("ansible_usr: x\nx-fips: y\n").empty());
  CHECK(warnings_of("packer: {run_tags: {ownr: x}}\n").empty());  // the user's own keys
  CHECK(warnings_of("mine: {a: {enable: 1}}\n").empty());
  CHECK(warnings_of("").empty());
}

TEST_CASE("types") {
  CHECK(warnings_of("packer: {distribution_version: 8.10}\n") ==
        "o.yaml:1:32: warning: 'packer.distribution_version' should be text, here it is number\n"
        "    1 | packer: {distribution_version: 8.10}\n"
        "      |                                ^~~~\n"
        "  hint: put the value into quotes: without them 1.20 is the number 1.2\n");
  CHECK(warnings_of("fips: true\n").find("hint: write 'fips: {enabled: true}'") !=
        std::string::npos);
  CHECK(warnings_of("gpu: {types: nvidia}\n").find("hint: write 'types: [nvidia]'") !=
        std::string::npos);
  CHECK(warnings_of("validate: {minimum_cpu_cores: few}\n")
            .find("should be integer, here it is text") != std::string::npos);
  CHECK(warnings_of("fips: {enabled: 'true', configure: '{{ x }}'}\n").empty());
}

TEST_CASE("a wrong type does not show a secret") {
  CHECK(warnings_of("rhsm_password: [hunter2]\n").find("hunter2") == std::string::npos);
}
