#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/file.hpp"
#include "system/file_lock.hpp"

using namespace konvoy::system;
using konvoy::base::ErrorKind;

namespace {

struct Fixture {
  TemporaryDirectory directory = *TemporaryDirectory::make("system-test");
  [[nodiscard]] std::string at(const std::string& name) const {
    return directory.path() + "/" + name;
  }
};

std::uint32_t mode_of(const std::string& path) {
  struct stat about {};
  REQUIRE(::lstat(path.c_str(), &about) == 0);
  return about.st_mode & 07777U;
}

std::string every_byte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a file is written and read with every byte value") {
  REQUIRE(write_file(at("a"), every_byte()));
  CHECK(*read_file(at("a")) == every_byte());
  CHECK(mode_of(at("a")) == 0644);
}

TEST_CASE_FIXTURE(Fixture, "a replaced file keeps its mode, and a mode that is asked for is set") {
  REQUIRE(write_file(at("a"), "one", {.mode = 0600}));
  REQUIRE(write_file(at("a"), "two"));
  CHECK(mode_of(at("a")) == 0600);
  REQUIRE(write_file(at("a"), "three", {.mode = 0755}));
  CHECK(mode_of(at("a")) == 0755);
}

TEST_CASE_FIXTURE(Fixture, "writing replaces a link and leaves what it led to alone") {
  REQUIRE(write_file(at("real"), "old"));
  REQUIRE(::symlink("real", at("link").c_str()) == 0);
  REQUIRE(write_file(at("link"), "new"));
  CHECK(*read_file(at("real")) == "old");
  CHECK(*read_file(at("link")) == "new");
}

TEST_CASE_FIXTURE(Fixture, "reading says why it did not work") {
  const auto absent = read_file(at("none"));
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::input);
  CHECK(absent.error().message() == "cannot read '" + at("none") + "': no such file or directory");
  CHECK_FALSE(read_file_if_there(at("none"))->has_value());
  CHECK_FALSE(read_file(directory.path()));

  REQUIRE(write_file(at("long"), "12345"));
  CHECK(read_file(at("long"), 5));
  const auto limited = read_file(at("long"), 4);
  REQUIRE_FALSE(limited);
  CHECK(limited.error().message() == "'" + at("long") + "' is longer than 4 bytes");
}

TEST_CASE_FIXTURE(Fixture, "a failed write leaves no temporary file") {
  REQUIRE(make_directories(at("d/x")));
  REQUIRE(write_file(at("d/x/inside"), ""));
  CHECK_FALSE(write_file(at("d/x"), "a directory with something in it cannot be replaced"));
  REQUIRE(remove_tree(at("d/x")));
  CHECK(::rmdir(at("d").c_str()) == 0);  // nothing else was in it
}

TEST_CASE_FIXTURE(Fixture, "a tree is removed without following its links") {
  REQUIRE(make_directories(at("keep")));
  REQUIRE(write_file(at("keep/file"), "x"));
  REQUIRE(make_directories(at("tree/a/b")));
  REQUIRE(write_file(at("tree/a/b/c"), "x"));
  REQUIRE(::symlink(at("keep").c_str(), at("tree/a/link").c_str()) == 0);
  REQUIRE(remove_tree(at("tree")));
  CHECK_FALSE(exists(at("tree")));
  CHECK(exists(at("keep/file")));
  CHECK(remove_tree(at("tree")));
}

TEST_CASE("a temporary directory is private and goes away with its owner") {
  std::string path;
  {
    auto directory = TemporaryDirectory::make();
    REQUIRE(directory);
    path = directory->path();
    CHECK(mode_of(path) == 0700);
    REQUIRE(write_file(path + "/x", ""));
  }
  CHECK_FALSE(exists(path));
}

TEST_CASE_FIXTURE(Fixture, "a lock has one holder") {
  auto first = FileLock::try_lock(at("lock"), "first");
  REQUIRE(first);
  REQUIRE(first->has_value());
  const auto second = FileLock::try_lock(at("lock"), "second");
  REQUIRE(second);
  CHECK_FALSE(second->has_value());
  CHECK(*read_file(at("lock")) == "first");
  first->reset();
  CHECK(FileLock::try_lock(at("lock"))->has_value());
}
