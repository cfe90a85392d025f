#include "packer/template.hpp"

#include <doctest/doctest.h>

#include "support/golden.hpp"

using namespace konvoy;
using packer::Builder;

namespace {

value::Map variables(std::initializer_list<std::pair<const char*, const char*>> pairs) {
  value::Map map;
  for (const auto& [key, text] : pairs) map.set(key, text);
  return map;
}

}  // namespace

TEST_CASE("the whole template of an AMI") {
  const packer::TemplateInputs inputs{
      .builder = Builder::amazon,
      .variables = variables({{"ami_filter_name", "RHEL-8.10*"},
                              {"ami_filter_owners", "309956199498"},
                              {"aws_region", "us-west-2"},
                              {"aws_secret_key", ""},
                              {"build_name", "rhel-8.10-fips"},
                              {"kubernetes_full_version", "1.21.3+fips.0"},
                              {"root_device_name", "/dev/sda1"},
                              {"source_ami", ""},
                              {"ssh_username", "ec2-user"},
                              {"volume_size", "15"}}),
      .packer_version = "1.6.6",
      .command = {"/usr/bin/konvoy-image", "packer-step", "--work-dir", "it's here"},
      .record_command = {"/usr/bin/konvoy-image", "record", "--work-dir", "it's here"}};
  test::check_golden("packer/golden/amazon.pkr.hcl", packer::render_template(inputs));
}

TEST_CASE("a given source image needs no filter") {
  const auto block =
      packer::source_block(Builder::amazon, variables({{"source_ami", "ami-1"}}), false);
  CHECK(packer::render_hcl({block}).find("source_ami_filter") == std::string::npos);
}

TEST_CASE("plugins are required from Packer 1.7 on") {
  packer::TemplateInputs inputs{.builder = Builder::vsphere, .packer_version = "1.6.6"};
  CHECK(packer::render_template(inputs).find("required_plugins") == std::string::npos);
  inputs.packer_version = "1.10.0";
  CHECK(packer::render_template(inputs).find("github.com/hashicorp/vsphere") != std::string::npos);
  inputs.builder = Builder::null;
  CHECK(packer::render_template(inputs).find("required_plugins") == std::string::npos);
}

TEST_CASE("a dry run skips the AMI where Packer can") {
  const auto vars = variables({{"dry_run", "true"}});
  const auto text = [&](bool with_plugins) {
    return packer::render_hcl({packer::source_block(Builder::amazon, vars, with_plugins)});
  };
  CHECK(text(true).find("skip_create_ami") != std::string::npos);
  CHECK(text(false).find("skip_create_ami") == std::string::npos);
}

TEST_CASE("only the machine of the qemu builder is turned off by the provisioner") {
  packer::TemplateInputs inputs{.builder = Builder::qemu, .packer_version = "1.6.6"};
  CHECK(packer::render_template(inputs).find("/password\\\" --power-off\"") != std::string::npos);
  inputs.builder = Builder::amazon;
  CHECK(packer::render_template(inputs).find("--power-off") == std::string::npos);
}

TEST_CASE("a disk image keeps its size unless another one is wanted") {
  const auto text = [](const value::Map& vars) {
    return packer::render_hcl({packer::source_block(Builder::qemu, vars, false)});
  };
  CHECK(text({}).find("skip_resize_disk") != std::string::npos);
  const auto wanted = text(variables({{"disk_size", "80G"}}));
  CHECK(wanted.find("skip_resize_disk") == std::string::npos);
  CHECK(wanted.find("var.disk_size") != std::string::npos);
}

TEST_CASE("builders have the names of image definitions") {
  CHECK(*packer::builder_named("googlecompute") == Builder::googlecompute);
  CHECK(packer::builder_named("digitalocean").error().message() ==
        "there is no builder 'digitalocean'");
}

TEST_CASE("Packer's version is read from its own words") {
  CHECK(packer::parse_version("Packer v1.6.6\n\nYour version of Packer is out of date!") ==
        "1.6.6");
  CHECK(packer::parse_version("command not found").empty());
}
