#include "boot/grubenv.hpp"

#include <doctest/doctest.h>

using konvoy::boot::Grubenv;

namespace {
const std::string signature = "# GRUB Environment Block\n";

std::string block(std::string body, std::size_t size = 1024) {
  body.insert(0, signature);
  return body + std::string(size - body.size(), '#');
}
}  // namespace

TEST_CASE("a block round-trips byte for byte") {
  const auto bytes = block("# WARNING: keep=out\nsaved_entry=abc\nkernelopts=root=UUID=1 ro \n");
  const auto env = Grubenv::parse(bytes, "grubenv").value();
  CHECK(env.render() == bytes);
  CHECK(env.find("kernelopts") == "root=UUID=1 ro ");
  CHECK(env.find("saved") == std::nullopt);
  CHECK(env.entries().size() == 2);
}

TEST_CASE("values are escaped") {
  auto env = Grubenv::empty();
  REQUIRE(env.set("a", "x\\y\nz").ok());
  CHECK(env.render() == block("a=x\\\\y\\\nz\n"));
  CHECK(Grubenv::parse(env.render(), "grubenv").value().find("a") == "x\\y\nz");
}

TEST_CASE("a variable is set where it stands, a new one comes last") {
  auto env = Grubenv::parse(block("a=1\nb=2\n"), "grubenv").value();
  REQUIRE(env.set("a", "longer").ok());
  REQUIRE(env.set("c", "#").ok());
  CHECK(env.render() == block("a=longer\nb=2\nc=#\n"));
  env.remove("b");
  env.remove("none");
  CHECK(env.render() == block("a=longer\nc=#\n"));
}

TEST_CASE("the block keeps its size, whatever that is, and is never grown") {
  auto env = Grubenv::parse(block("a=1\n", 40), "/boot/grub2/grubenv").value();
  CHECK(env.free_bytes() == 11);
  REQUIRE(env.set("b", "12345678").ok());
  CHECK(env.render() == signature + "a=1\nb=12345678\n");
  const auto full = env.set("a", "22");
  REQUIRE_FALSE(full.ok());
  CHECK(full.error().message() ==
        "the GRUB environment block '/boot/grub2/grubenv' is full: 'a' needs 1 bytes more than its "
        "40");
  CHECK(env.find("a") == "1");
}

TEST_CASE("a damaged block is refused") {
  const auto refused = [](const std::string& bytes) {
    const auto env = Grubenv::parse(bytes, "grubenv");
    return !env.ok() && env.error().message().starts_with("the GRUB environment block 'grubenv'");
  };
  CHECK(refused(""));
  CHECK(refused("saved_entry=1\n"));
  CHECK(refused(std::string(1024, '#')));
  CHECK(refused(std::string(1024, '\0')));
  CHECK(refused(block("a=1")));
  CHECK(refused(block("a=1\\\n")));
  CHECK(refused(block("a=1\n") + "\n\n "));
}
