#include "config/flags.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "config/documents.hpp"
#include "config/merge.hpp"

using konvoy::config::Cloud;
using konvoy::config::flag_layer;
using konvoy::config::GivenFlag;
using konvoy::config::LayerKind;
using konvoy::value::Value;

TEST_CASE("flags set their variables; empty and foreign ones set nothing") {
  const std::vector<GivenFlag> flags = {{.flag = "kubernetes-version", .values = {"1.22.0"}},
                                        {.flag = "containerd-version", .values = {""}},
                                        {.flag = "region", .values = {"eu-west-3"}},
                                        {.flag = "ami-users", .values = {"1", "2"}},
                                        {.flag = "color", .values = {"never"}}};
  const auto layer = flag_layer(flags, Cloud::aws);
  CHECK(*layer.value.at_path("kubernetes_version") == Value("1.22.0"));
  CHECK(layer.value.at_path("kubernetes_version")->span().name() == "--kubernetes-version");
  CHECK(layer.value.at_path("containerd_version") == nullptr);
  CHECK(*layer.value.at_path("packer.aws_region") == Value("eu-west-3"));
  CHECK(*layer.value.at_path("packer.ami_users") == Value("1,2"));
  CHECK(*layer.value.at_path("packer.dry_run") == Value(false));
  CHECK(layer.value.map()->size() == 2);
}

TEST_CASE("a source AMI takes the filters away") {
  const std::vector<GivenFlag> flags = {{.flag = "source-ami", .values = {"ami-123"}}};
  const std::vector<konvoy::config::Layer> layers = {
      konvoy::test::layer(LayerKind::image,
                          "kubernetes_version: '1'\n"
                          "packer: {ami_filter_name: x, ami_filter_owners: y, volume_size: 1}\n"),
      flag_layer(flags, Cloud::aws)};
  auto config = konvoy::config::merge(layers);
  REQUIRE(config);
  CHECK(*config->value.at_path("packer.source_ami") == Value("ami-123"));
  CHECK(config->value.at_path("packer.ami_filter_name") == nullptr);
  CHECK(config->value.at_path("packer.ami_filter_owners") == nullptr);
  CHECK(config->provenance.find("packer.ami_filter_name") == nullptr);
  CHECK(*config->value.at_path("packer.volume_size") == Value(1));
}

TEST_CASE("an option means what its cloud makes of it") {
  const std::vector<GivenFlag> flags = {{.flag = "region", .values = {"r"}},
                                        {.flag = "instance-type", .values = {"i"}}};
  const auto gcp = flag_layer(flags, Cloud::gcp);
  CHECK(*gcp.value.at_path("packer.region") == Value("r"));
  CHECK(gcp.value.at_path("packer.aws_region") == nullptr);
  CHECK(*flag_layer(flags, Cloud::azure).value.at_path("packer.vm_size") == Value("i"));
}
