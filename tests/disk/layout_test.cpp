#include "disk/layout.hpp"

#include <doctest/doctest.h>

using namespace konvoy::disk;

TEST_CASE("partitions in the order of their numbers, in bytes") {
  const auto found = parse_partitions(R"({"partitiontable": {"label": "gpt", "sectorsize": 512,
    "partitions": [
      {"node": "/images/el8.raw2", "start": 6144, "size": 2048, "type": "x"},
      {"node": "/images/el8.raw1", "start": 2048, "size": 4096, "type": "y"}]}})");
  REQUIRE(found.ok());
  CHECK(*found == std::vector<Extent>{{.offset = 1048576, .size = 2097152, .number = 1},
                                      {.offset = 3145728, .size = 1048576, .number = 2}});
}

TEST_CASE("an image without a table says so") {
  CHECK(parse_partitions(R"({"x": 1})").error().message() == "the image has no partition table");
}

TEST_CASE("what blkid knows of a file system") {
  CHECK(parse_signature("DEVNAME=a.raw\nUUID=ab-cd\nTYPE=xfs\nUSAGE=filesystem\n") ==
        Signature{.type = "xfs", .uuid = "ab-cd"});
  CHECK(parse_signature("") == Signature{});
}

TEST_CASE("linear logical volumes are stretches of the image, others are left out") {
  const PhysicalVolume volume{.offset = 1000, .data_start = 100, .extent_size = 10};
  const auto found = parse_logical_volumes(R"({"report": [{"seg": [
      {"vg_name": "rhel", "lv_name": "root", "seg_size": "50", "segtype": "linear", "seg_pe_ranges": "/dev/loop0:2-6"},
      {"vg_name": "rhel", "lv_name": "split", "seg_size": "10", "segtype": "linear", "seg_pe_ranges": "/dev/loop0:7-7"},
      {"vg_name": "rhel", "lv_name": "split", "seg_size": "10", "segtype": "linear", "seg_pe_ranges": "/dev/loop0:9-9"},
      {"vg_name": "rhel", "lv_name": "thin", "seg_size": "10", "segtype": "thin-pool", "seg_pe_ranges": ""}
    ]}]})",
                                           volume);
  REQUIRE(found.ok());
  CHECK(*found == std::vector<Extent>{{.offset = 1120, .size = 50, .device = "rhel/root"}});
}

TEST_CASE("fstab: what is mounted, parents first") {
  const auto entries = parse_fstab(
      "# comment\n"
      "UUID=b /boot/efi vfat defaults 0 0\n"
      "UUID=a /boot xfs defaults 0 0\n"
      "/dev/mapper/rhel-root / xfs defaults 0 0\n"
      "/dev/mapper/rhel-swap none swap defaults 0 0\n"
      "LABEL=my\\040data /data ext4 defaults 0 0\n");
  REQUIRE(entries.size() == 4);
  CHECK(entries[0].path == "/");
  CHECK(entries[1].path == "/boot");
  CHECK(entries[2].source == "LABEL=my data");
  CHECK(entries[3].path == "/boot/efi");
}

TEST_CASE("fstab names a file system by UUID, label or volume") {
  const Signature signature{.type = "xfs", .uuid = "ab", .label = "data"};
  CHECK(names("UUID=ab", {}, signature));
  CHECK_FALSE(names("UUID=", {}, {}));
  CHECK(names("LABEL=data", {}, signature));
  CHECK(names("/dev/mapper/my--vg-root", {.device = "my-vg/root"}, signature));
  CHECK(names("/dev/my-vg/root", {.device = "my-vg/root"}, signature));
  CHECK_FALSE(names("/dev/sda1", {}, signature));
}
