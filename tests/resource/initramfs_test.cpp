#include "resource/initramfs.hpp"

#include <doctest/doctest.h>

#include "support/apply.hpp"
#include "support/initramfs_bytes.hpp"

using namespace konvoy;
using resource::FipsInitramfs;
using test::apply;

namespace {

const std::string image = "/boot/initramfs-1.el8.img";
const std::string temporary = "/boot/.konvoy-1.el8.img";

/// An image root whose dracut writes `content` to the file it is given.
test::FakeTarget image_root(std::string content) {
  test::FakeTarget machine("image", false);
  machine.add_file(image, test::initramfs_bytes({"base"}));
  machine.on_command("dracut *", [content](test::FakeTarget& fake, const auto& run) {
    fake.add_file(run.argv.at(run.argv.size() - 2), content);
    return target::CommandAnswer{};
  });
  machine.on_command("/bin/sh -c *", target::CommandAnswer{});
  machine.on_command("sync *", target::CommandAnswer{});
  return machine;
}

resource::Resource wanted() {
  return as_resource(FipsInitramfs{"1.el8"});
}

}  // namespace

TEST_CASE("a new initramfs is built beside the old one, checked, flushed and renamed") {
  auto machine = image_root(test::fips_initramfs_bytes());
  const facts::HostFacts facts{.live = false};
  const auto applied = apply(machine, facts, wanted());
  REQUIRE(applied.done);
  CHECK(std::get<resource::Actions>(applied.decision).actions.at(0).reason ==
        "lacks the dracut module fips, sbin/fips.sh, the hook fips-boot.sh, the hook "
        "fips-noboot.sh, etc/fipsmodules, sha512hmac, etc/system-fips");
  const auto& run = std::get<target::RunCommand>(machine.performed.at(0));
  CHECK(base::join(run.argv, " ") ==
        "dracut --force --add fips --no-hostonly /boot/.konvoy-1.el8.img 1.el8");
  CHECK(run.detached);
  CHECK(std::holds_alternative<target::Rename>(machine.performed.back()));
  CHECK(machine.content(image) == test::fips_initramfs_bytes());
  CHECK(machine.node(temporary) == nullptr);
  CHECK(apply(machine, facts, wanted()).text == "nothing");
}

TEST_CASE("the driver of /boot's file system goes in, and a live host keeps its own settings") {
  auto machine = image_root("");
  machine.on_command("lsinitrd *",
                     {.out = "dracut modules:\nbase\n===\n-rw-r--r-- 1 r r 1 M 1 1 a\n"});
  facts::HostFacts facts;
  facts.boot.boot_fs_type = "xfs";
  (void)apply(machine, facts, wanted());
  CHECK(base::join(std::get<target::RunCommand>(machine.performed.at(0)).argv, " ") ==
        "dracut --force --add fips --add-drivers xfs /boot/.konvoy-1.el8.img 1.el8");
}

TEST_CASE("what an interrupted run left is removed") {
  const facts::HostFacts facts{.live = false};
  auto machine = image_root(test::fips_initramfs_bytes());
  machine.add_file(temporary, "half");
  CHECK(apply(machine, facts, wanted()).text.starts_with("remove /boot/.konvoy-1.el8.img\nrun"));
  machine.add_file(temporary, "half");
  CHECK(apply(machine, facts, wanted()).text == "remove /boot/.konvoy-1.el8.img");
}

TEST_CASE("a dracut or a check that fails leaves the old initramfs") {
  const facts::HostFacts facts{.live = false};
  for (const auto* failing : {"dracut *", "/bin/sh -c *", "sync *"}) {
    auto machine = image_root("half");
    const auto before = machine.content(image);
    machine.on_command(failing, {.status = 1});
    CHECK_FALSE(apply(machine, facts, wanted()).done);
    CHECK(machine.content(image) == before);
  }
}

TEST_CASE("without room for one more image nothing is touched") {
  auto machine = image_root("");
  facts::HostFacts facts{.live = false};
  facts.boot.free_bytes = 3U << 20U;
  CHECK(apply(machine, facts, wanted()).text ==
        "refused: /boot has 3 MiB left; a second initramfs beside '/boot/initramfs-1.el8.img' "
        "needs 4 MiB");
  CHECK(machine.performed.empty());
  CHECK(resource::initramfs_room(0, false) == (96U << 20U));
  CHECK(resource::initramfs_room(0, true) == (40U << 20U));
}

TEST_CASE("a damaged or missing initramfs is made anew") {
  const facts::HostFacts facts{.live = false};
  auto machine = image_root(test::fips_initramfs_bytes());
  machine.add_file(image, "garbage");
  CHECK(apply(machine, facts, wanted()).done);
  REQUIRE(machine.perform(target::Remove{image}, {}).ok());
  const auto applied = apply(machine, facts, wanted());
  CHECK(std::get<resource::Actions>(applied.decision).actions.at(0).reason == "is not there");
}
