#include "app/records.hpp"

#include <doctest/doctest.h>

#include "json/reader.hpp"
#include "json/render.hpp"
#include "support/golden.hpp"
#include "system/file.hpp"

using namespace konvoy;

TEST_CASE("a record is read from its file or its directory, and shown") {
  const auto record = app::read_record(test::test_path("record/golden/record.json"));
  REQUIRE(record.ok());
  CHECK(app::read_record(test::test_path("record/golden")).ok());
  test::check_golden("app/golden/record.txt", app::render_record(*record));
  CHECK(app::render_text(record::differences(*record, *record)) == "no differences but times\n");
}

TEST_CASE("a record takes the artifacts of Packer's last run, with files where it made some") {
  const auto directory = system::TemporaryDirectory::make();
  REQUIRE(directory.ok());
  const auto manifest = directory->path() + "/manifest.json";
  REQUIRE(system::write_file(directory->path() + "/record.json",
                             R"({"format":"konvoy-image/record","format_version":1})")
              .ok());
  REQUIRE(system::write_file(manifest, R"({"last_run_uuid":"2","builds":[
    {"packer_run_uuid":"1","builder_type":"qemu","artifact_id":"VM","files":[{"name":"old"}]},
    {"packer_run_uuid":"2","builder_type":"qemu","artifact_id":"VM","files":[{"name":"output/a"}]},
    {"packer_run_uuid":"2","builder_type":"amazon-ebs","artifact_id":"r:ami-1","files":null}]})")
              .ok());
  const auto record = app::complete_record(directory->path(), manifest);
  REQUIRE(record.ok());
  CHECK(json::render(*record->at_path("artifacts")) == json::render(*json::parse("", R"([
          {"builder":"qemu","id":"VM","files":["output/a"]},
          {"builder":"amazon-ebs","id":"r:ami-1"}])")));
  CHECK(app::render_record(*record).find("  qemu  VM\n    output/a\n  amazon-ebs  r:ami-1\n") !=
        std::string::npos);
}

TEST_CASE("what is no record is refused") {
  const auto directory = system::TemporaryDirectory::make();
  REQUIRE(directory.ok());
  const auto file = directory->path() + "/record.json";
  const auto message_for = [&](std::string_view text) {
    REQUIRE(system::write_file(file, text).ok());
    const auto record = app::read_record(directory->path());
    return record ? std::string() : record.error().message();
  };
  CHECK(message_for("{}") == "'" + file + "' is no record of a run");
  CHECK(message_for(R"({"format":"konvoy-image/record","format_version":99})") ==
        "'" + file + "' is a record of form 99, this program knows form 1");
}
