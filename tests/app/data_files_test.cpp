#include "app/data_files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "app/working_directory.hpp"
#include "system/file.hpp"
#include "yaml/reader.hpp"

namespace app = konvoy::app;
namespace system_module = konvoy::system;

TEST_CASE("every bundled file is YAML without a warning") {
  CHECK(app::bundled_files().size() > 30);
  for (const auto& file : app::bundled_files()) {
    CAPTURE(std::string(file.path));
    const auto document = konvoy::yaml::parse(std::string(file.path), std::string(file.bytes));
    REQUIRE(document);
    CHECK(document->value.is_map());
    CHECK(document->warnings.empty());
  }
  CHECK(std::ranges::is_sorted(app::bundled_files(), {}, &app::BundledFile::path));
}

TEST_CASE("a file of the user's comes before the data directory, that before the bundle") {
  const konvoy::test::WorkingDirectory here;
  const std::string name = "overrides/rhck.yaml";
  const auto text_of = [&](const std::string& data_dir) {
    const auto file = app::read_data_file("./" + name, data_dir);
    REQUIRE(file);
    CHECK(file->name == "./" + name);
    return file->bytes;
  };
  CHECK(text_of("").find("RHCK") != std::string::npos);
  CHECK(text_of("data").find("RHCK") != std::string::npos);
  REQUIRE(system_module::make_directories("data/overrides"));
  REQUIRE(system_module::write_file("data/" + name, "oracle_kernel: DATA\n"));
  CHECK(text_of("data") == "oracle_kernel: DATA\n");
  REQUIRE(system_module::make_directories("overrides"));
  REQUIRE(system_module::write_file(name, "oracle_kernel: HERE\n"));
  CHECK(text_of("data") == "oracle_kernel: HERE\n");
  CHECK(app::read_own_file(name, "data")->bytes == "oracle_kernel: DATA\n");
  CHECK(app::read_own_file(name, "")->bytes.find("RHCK") != std::string::npos);
}

TEST_CASE("an installed program's data are beside its executable, then where packages put them") {
  using Directories = std::vector<std::string>;
  CHECK(app::installed_data_directories("/usr/bin/konvoy-image") ==
        Directories{"/usr/share/konvoy-image"});
  CHECK(app::installed_data_directories("/opt/k/bin/konvoy-image") ==
        Directories{"/opt/k/share/konvoy-image", "/usr/share/konvoy-image"});
  CHECK(app::installed_data_directories("/home/u/bin/here/konvoy-image") ==
        Directories{"/usr/share/konvoy-image"});
  CHECK(app::installed_data_directories("") == Directories{"/usr/share/konvoy-image"});
}

TEST_CASE("a file that is not there: the close ones are named") {
  auto file = app::read_data_file("images/ami/centos8.yaml", "");
  REQUIRE_FALSE(file);
  CHECK(file.error().message() == "there is no file 'images/ami/centos8.yaml'");
  CHECK(file.error().diagnostics[0].hint.find("images/ami/centos-8.yaml") != std::string::npos);
  auto other = app::read_data_file("nonsense", "");
  REQUIRE_FALSE(other);
  CHECK(other.error().diagnostics[0].hint.find("images/generic/*.yaml") != std::string::npos);
}
