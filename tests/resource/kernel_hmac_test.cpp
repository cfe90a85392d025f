#include "resource/kernel_hmac.hpp"

#include <doctest/doctest.h>

#include "support/apply.hpp"

using namespace konvoy;
using resource::KernelHmac;
using resource::RescueKernelHmac;
using test::apply;

namespace {

// printf kernel | openssl dgst -sha512 -hmac FIPS-FTW-RHT2009
const std::string digest =
    "751e8faaf948ea3daa397b01b374fa331644b07773b8f26ed24e052a4ac7f4e4"
    "e249e9ec3e5ca44c105847965f1fc5d58e1c26ae2acac625ecc9e961f6fcf1fe";
const std::string image = "/boot/vmlinuz-1.el8";
const std::string hmac_file = "/boot/.vmlinuz-1.el8.hmac";
const facts::HostFacts offline{.live = false, .kernels = {{.release = "1.el8", .image = image}}};

resource::Resource wanted() {
  return as_resource(KernelHmac{"1.el8", image});
}

test::FakeTarget machine_with(const std::string& text) {
  test::FakeTarget machine("image", false);
  machine.add_file(image, "kernel");
  if (!text.empty()) machine.add_file(hmac_file, text);
  return machine;
}

}  // namespace

TEST_CASE("a checksum that fits is left alone, whatever directory it names") {
  for (const auto* name : {"/boot/vmlinuz-1.el8", "vmlinuz-1.el8", "*/x/vmlinuz-1.el8"}) {
    auto machine = machine_with(digest + "  " + name + "\n");
    CHECK(apply(machine, offline, wanted()).text == "nothing");
  }
}

TEST_CASE("on a live host openssl is asked, and the bytes only where it is missing") {
  auto machine = machine_with(digest + "  vmlinuz-1.el8\n");
  CHECK(apply(machine, {}, wanted()).text == "nothing");
  machine.on_command("openssl dgst -sha512 -hmac FIPS-FTW-RHT2009 /boot/vmlinuz-1.el8",
                     {.out = "HMAC-SHA512(/boot/vmlinuz-1.el8)= " + std::string(128, '0') + "\n"});
  CHECK(apply(machine, {}, wanted())
            .text.starts_with("refused: '/boot/.vmlinuz-1.el8.hmac' does "
                              "not fit"));
}

TEST_CASE("a kernel that does not fit its checksum is refused, never blessed") {
  for (const auto& text : {std::string(128, '0') + "  vmlinuz-1.el8\n", std::string("x"),
                           digest + "  vmlinuz-2.el8\n", std::string()}) {
    auto machine = machine_with(text);
    CHECK(apply(machine, offline, wanted()).text.starts_with("refused: "));
    CHECK(machine.performed.empty());
  }
}

TEST_CASE("a missing checksum is taken from the modules when it fits") {
  auto machine = machine_with("");
  machine.add_file("/lib/modules/1.el8/.vmlinuz.hmac", digest + "  vmlinuz-1.el8\n");
  CHECK(apply(machine, offline, wanted()).text == "write /boot/.vmlinuz-1.el8.hmac");
  CHECK(machine.content(hmac_file) == digest + "  vmlinuz-1.el8\n");
  CHECK(apply(machine, offline, wanted()).text == "nothing");
  auto other = machine_with("");
  other.add_file("/lib/modules/1.el8/.vmlinuz.hmac", std::string(128, '0') + "  vmlinuz-1.el8\n");
  CHECK(apply(other, offline, wanted()).text.starts_with("refused: "));
}

TEST_CASE("a rescue kernel gets the checksum of the kernel that it is a copy of") {
  auto machine = machine_with(digest + "  /boot/vmlinuz-1.el8\n");
  machine.add_file("/boot/vmlinuz-0-rescue-ab", "kernel");
  const auto applied = apply(machine, offline, as_resource(RescueKernelHmac{}));
  CHECK(applied.text == "write /boot/.vmlinuz-0-rescue-ab.hmac");
  CHECK(std::get<resource::Actions>(applied.decision).warnings.empty());
  CHECK(machine.content("/boot/.vmlinuz-0-rescue-ab.hmac") == digest + "  vmlinuz-0-rescue-ab\n");
  CHECK(apply(machine, offline, as_resource(RescueKernelHmac{})).text == "nothing");
}

TEST_CASE("a rescue kernel that is the copy of none is warned about") {
  auto machine = machine_with(digest + "  /boot/vmlinuz-1.el8\n");
  machine.add_file("/boot/vmlinuz-0-rescue-ab", "an old kernel");
  const auto applied = apply(machine, offline, as_resource(RescueKernelHmac{}));
  CHECK(applied.done);
  CHECK(std::get<resource::Actions>(applied.decision).warnings.size() == 1);
}
