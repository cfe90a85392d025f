#include "resolve/fact_inputs.hpp"

#include <doctest/doctest.h>

namespace konvoy::resolve {

TEST_CASE("a short name stands for what Ansible would find there") {
  const auto facts = facts_of_os("rhel-8.10");
  REQUIRE(facts.ok());
  CHECK(*facts->find("ansible_distribution") == value::Value("RedHat"));
  CHECK(*facts->find("ansible_distribution_major_version") == value::Value("8"));
  CHECK(*facts->find("ansible_distribution_version") == value::Value("8.10"));
  CHECK(*facts->find("ansible_os_family") == value::Value("RedHat"));
}

TEST_CASE("an unknown system or a missing version lists the names that are known") {
  for (const auto* name : {"beos-5", "centos", "centos-", "centos-eight", "centos-8."}) {
    const auto facts = facts_of_os(name);
    REQUIRE_FALSE(facts.ok());
    CHECK(facts.error().kind == base::ErrorKind::usage);
    CHECK(facts.error().diagnostics.front().hint.find("rocky-8.4") != std::string::npos);
  }
}

TEST_CASE("settings win over files, files over the short name") {
  const auto facts = decode_facts(
      {.os = "centos-7.9",
       .files = {{"a.yaml", "ansible_architecture: aarch64\nx: 1\n"}, {"b.json", "{\"x\": 2}"}},
       .settings = {"ansible_distribution_version=7.8", "n=3", "eq=a=b"}});
  REQUIRE(facts.ok());
  CHECK(*facts->find("ansible_architecture") == value::Value("aarch64"));
  CHECK(*facts->find("x") == value::Value(2));
  CHECK(*facts->find("ansible_distribution_version") == value::Value(7.8));
  CHECK(*facts->find("n") == value::Value(3));
  CHECK(*facts->find("eq") == value::Value("a=b"));
}

TEST_CASE("what sets no fact is refused") {
  CHECK_FALSE(decode_facts({.os = "", .files = {{"f.yaml", "- a\n"}}, .settings = {}}).ok());
  CHECK_FALSE(decode_facts({.os = "", .files = {}, .settings = {"name"}}).ok());
}

}  // namespace konvoy::resolve
