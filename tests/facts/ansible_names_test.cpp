#include <doctest/doctest.h>

#include "facts/host_facts.hpp"

using namespace konvoy;

TEST_CASE("facts have Ansible's names and types") {
  const facts::HostFacts host{
      .distribution = "CentOS", .distribution_version = "8.4", .major_version = 8};
  const auto names = ansible_names(host);
  CHECK(*names.at_path("ansible_distribution") == value::Value("CentOS"));
  CHECK(*names.at_path("ansible_distribution_major_version") == value::Value("8"));
}
