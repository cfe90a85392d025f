#include "facts/gather.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "facts/unsupported.hpp"
#include "support/golden.hpp"
#include "support/machine_text.hpp"

using namespace konvoy;

namespace {

test::FakeTarget machine(const std::string& name) {
  return test::machine_from(test::test_data("facts/machines/" + name + ".txt"), name);
}

// One "path: value" a line.
std::string flat(const value::Value& value, const std::string& path) {
  std::string out;
  if (const auto* map = value.map(); map != nullptr && !map->empty()) {
    for (const auto& entry : map->entries()) {
      out += flat(entry.value, path.empty() ? entry.key : path + "." + entry.key);
    }
    return out;
  }
  if (const auto* list = value.list(); list != nullptr && !list->empty()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      out += flat((*list)[i], fmt::format("{}[{}]", path, i));
    }
    return out;
  }
  return fmt::format("{}: {}\n", path, value::to_display(value));
}

facts::HostFacts gathered(const std::string& name) {
  auto fake = machine(name);
  const auto facts = facts::gather(fake);
  REQUIRE(facts.ok());
  CHECK(fake.observed.size() == 1);
  return *facts;
}

}  // namespace

TEST_CASE("all facts of a machine, from one round trip") {
  for (const std::string name :
       {"rhel-8.4-uefi", "centos-7.9-bios", "centos-8.4-one-disk", "rhel-7.9-uefi", "rhel-8.10",
        "rocky-8.8", "almalinux-8.9", "oracle-8.8", "rhel-9.2"}) {
    CAPTURE(name);
    test::check_golden("facts/golden/" + name + ".txt", flat(to_value(gathered(name)), ""));
  }
}

TEST_CASE("all facts of an image root, where nothing runs") {
  auto fake = test::machine_from(test::test_data("facts/machines/centos-8-image.txt"), "image",
                                 /*live=*/false);
  // The ELF header of a program for aarch64: e_machine is 183.
  std::string program =
      "\x7f"
      "ELF";
  program.resize(18, '\0');
  program += "\xb7";
  program += '\0';
  fake.add_file("/bin/sh", program + "and more");
  const auto facts = facts::gather(fake);
  REQUIRE(facts.ok());
  CHECK(fake.observed.size() == 1);
  test::check_golden("facts/golden/centos-8-image.txt", flat(to_value(*facts), ""));
}

TEST_CASE("a UEFI vendor directory that nobody knows takes a second round") {
  auto fake = machine("unknown-vendor");
  const auto facts = facts::gather(fake);
  REQUIRE(facts.ok());
  CHECK(fake.observed.size() == 2);
  CHECK(facts->boot.grub_configs == std::vector<std::string>{"/boot/efi/EFI/house/grub.cfg"});
  CHECK(facts->boot.grubenv == "/boot/efi/EFI/house/grubenv");
}

TEST_CASE("packages are only listed where they are asked for") {
  const auto facts = gathered("centos-7.9-bios");
  CHECK(to_value(facts).at_path("packages") != nullptr);
  CHECK(to_value(facts, false).at_path("packages") == nullptr);
}

TEST_CASE("machines that nothing may be changed on are refused with a reason") {
  std::string told;
  for (const std::string name :
       {"rhel-8.4-uefi", "centos-7.9-bios", "centos-8.4-one-disk", "rhel-7.9-uefi", "rhel-8.10",
        "rocky-8.8", "almalinux-8.9", "oracle-8.8", "rhel-9.2", "rhel-10.0", "centos-6.10",
        "debian-12", "coreos-8"}) {
    const auto refused = facts::refuse_unsupported(gathered(name));
    told += name + ": " + (refused ? base::render(*refused) : "supported\n");
  }
  auto other = gathered("rhel-8.10");
  other.architecture = "s390x";
  told += "s390x: " + base::render(facts::refuse_unsupported(other).value_or(base::Diagnostic{}));
  other.architecture = "x86_64";
  other.package_manager = facts::PackageManager::none;
  told += "no dnf: " + base::render(facts::refuse_unsupported(other).value_or(base::Diagnostic{}));
  told += "nothing: " + base::render(facts::refuse_unsupported({}).value_or(base::Diagnostic{}));
  test::check_golden("facts/golden/refused.txt", told);
}

TEST_CASE("a machine that does not answer is an error, not empty facts") {
  test::FakeTarget silent;
  silent.fail({base::ErrorKind::unreachable, "no route"});
  const auto facts = facts::gather(silent);
  REQUIRE_FALSE(facts.ok());
  CHECK(facts.error().kind == base::ErrorKind::unreachable);
}

TEST_CASE("a broken package database is told, not taken for an empty one") {
  auto fake = machine("centos-7.9-bios");
  fake.on_command("rpm -qa *", {.status = 1, .err = "error: cannot open Packages database"});
  const auto facts = facts::gather(fake);
  REQUIRE(facts.ok());
  CHECK(facts->packages.empty());
  CHECK(facts->unread == std::vector<std::string>{"rpm -qa: exit status 1"});
}
