// What is told when an inventory is wrong.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "inventory/ini.hpp"
#include "inventory/read.hpp"
#include "inventory/yaml_inventory.hpp"
#include "support/golden.hpp"
#include "yaml/reader.hpp"

using namespace konvoy;

namespace {

std::string told(const base::Result<inventory::Inventory>& result) {
  return base::render(result ? result->warnings : result.error().diagnostics);
}

base::Result<inventory::Inventory> from_ini(std::string text) {
  KONVOY_TRY(const auto draft,
             inventory::parse_ini(std::make_shared<base::SourceText>(
                 base::SourceText{.name = "hosts.ini", .text = std::move(text)})));
  return inventory::assemble(draft, {});
}

base::Result<inventory::Inventory> from_yaml(std::string text) {
  KONVOY_TRY(const auto document, yaml::parse("inventory.yaml", std::move(text)));
  KONVOY_TRY(const auto draft, inventory::parse_yaml(document.value));
  return inventory::assemble(draft, {});
}

}  // namespace

TEST_CASE("all problems of an INI inventory come back together") {
  test::check_golden("inventory/golden/ini-problems.txt", told(from_ini(R"(web1 role
web2 name='open
wéb[3:1] x=1
[web:kids]
[a b]
[web:vars]
no assignment
[site:children]
wbe
two words
[nobody:vars]
x=1
[web]
)")));
}

TEST_CASE("problems of connection variables") {
  test::check_golden("inventory/golden/connection-problems.txt", told(from_ini(R"([all]
a ansible_port=0
b ansible_port=ssh
c ansible_connection=winrm
d ansible_become=perhaps
e ansible_become_method=su
f ansible_user="{{ admin }}"
g ansible_host=[1]
h ansible_ssh_common_args="-o 'x"
)")));
}

TEST_CASE("warnings: clear passwords, unknown and passed over variables") {
  test::check_golden("inventory/golden/warnings.txt", told(from_ini(R"([all:vars]
ansible_python_interpreter=/usr/bin/python3
ansible_hots=10.0.0.1
ansible_winrm_path=x
[all]
a ansible_password=tops3cret
b ansible_become_pass=tops3cret
)")));
}

TEST_CASE("a group that contains itself") {
  const auto result = from_ini("[a:children]\nb\n[b:children]\nc\n[c:children]\na\n");
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().message().starts_with("the group 'a' contains itself: a is in "));
}

TEST_CASE("problems of a YAML inventory") {
  test::check_golden("inventory/golden/yaml-problems.txt", told(from_yaml(R"(all:
  hosts: [a, b]
  children:
    web:
      hosts:
        web[3:1]:
        web1: text
      vars: 3
)")));
  test::check_golden("inventory/golden/yaml-warnings.txt", told(from_yaml(R"(all:
  host:
    a:
  hosts:
    b:
      ansible_ssh_pass: tops3cret
web1: text
)")));
  CHECK(from_yaml("[a]").error().message() == "an inventory is a map of groups, not list");
  CHECK(from_yaml("plugin: aws_ec2").error().message() ==
        "this configures an inventory plugin of Ansible");
}

TEST_CASE("an inventory that is not there, or no file") {
  CHECK(inventory::read_inventory("/nowhere/hosts").error().message() ==
        "there is no inventory '/nowhere/hosts'");
  CHECK(inventory::read_inventory(test::test_path("inventory"))
            .error()
            .message()
            .ends_with("is a directory"));
}

TEST_CASE("a list of hosts on the command line") {
  const auto inventory = inventory::read_inventory("a,b[1:2]:2222, c,");
  REQUIRE(inventory.ok());
  CHECK(inventory->hosts_of("all") == std::vector<std::string>{"a", "b1", "b2", "c"});
  CHECK(inventory->find_host("b2")->connection.port == 2222);
}

TEST_CASE("connection variables become settings, passwords are secret") {
  const auto inventory = from_ini(R"([all:vars]
ansible_ssh_common_args=-o ProxyJump=bastion -o "X=a b"
ansible_become=yes
[all]
n1 ansible_host=10.0.0.1 ansible_port=22 ansible_user=me ansible_password=tops3cret ansible_ssh_private_key_file=~/.ssh/k ansible_ssh_extra_args=-4 ansible_become_user=boss
n2 ansible_connection=local ansible_become=False
)");
  REQUIRE(inventory.ok());
  const inventory::Connection expected{
      .address = "10.0.0.1",
      .port = 22,
      .user = "me",
      .password = base::Secret("tops3cret"),
      .private_key_file = "~/.ssh/k",
      .ssh_arguments = {"-o", "ProxyJump=bastion", "-o", "X=a b", "-4"},
      .become = true,
      .become_user = "boss"};
  const auto* host = inventory->find_host("n1");
  CHECK(host->connection == expected);
  CHECK(host->vars.at_path("ansible_password")->is_secret());
  CHECK(host->vars.at_path("ansible_user")->span().location() == "hosts.ini:5:42");
  CHECK(inventory->find_host("n2")->connection.local);
  CHECK_FALSE(inventory->find_host("n2")->connection.become);
}
