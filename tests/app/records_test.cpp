#include "app/records.hpp"

#include <doctest/doctest.h>

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
