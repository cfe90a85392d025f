// A tree full of traps, looked at through both resolvers: they must agree, and stay inside.
#include "system/rooted_directory.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "system/file.hpp"
#include "system/rooted_files.hpp"

using namespace konvoy::system;

namespace {

struct Tree {
  TemporaryDirectory outside = *TemporaryDirectory::make("rooted-test");
  std::string image = outside.path() + "/image";

  Tree() {
    REQUIRE(make_directories(image + "/etc/sub"));
    REQUIRE(make_directories(image + "/usr/lib"));
    REQUIRE(write_file(outside.path() + "/secret", "outside"));
    REQUIRE(write_file(image + "/secret", "inside"));
    REQUIRE(write_file(image + "/usr/lib/os-release", "ID=rhel"));
    link("etc/os-release", "/usr/lib/os-release");
    link("etc/relative", "../usr/lib/os-release");
    link("etc/climb", "../../../../../secret");
    link("etc/absolute", "/secret");
    link("etc/host", outside.path() + "/secret");
    link("etc/up", "../..");
    link("etc/round", "round2");
    link("etc/round2", "round");
    link("etc/dangling", "/nowhere/at/all");
    link("etc/new-target", "sub/new");
    link("lib", "usr/lib");
  }
  void link(const std::string& at, const std::string& to) const {
    REQUIRE(::symlink(to.c_str(), (image + "/" + at).c_str()) == 0);
  }
};

std::string text_at(const RootedDirectory& root, const std::string& path) {
  const auto text = read_entry(root, path, 0, 1000);
  return text.ok() ? *text.value : "error " + std::to_string(text.error);
}

std::string error_text(int error) {
  return "error " + std::to_string(error);
}

}  // namespace

TEST_CASE_FIXTURE(Tree, "both resolvers give the same answers and never leave the root") {
  for (const Resolver resolver : {Resolver::openat2, Resolver::walk}) {
    CAPTURE(static_cast<int>(resolver));
    const auto root = RootedDirectory::open(image, resolver);
    REQUIRE(root);
    CHECK(text_at(*root, "/usr/lib/os-release") == "ID=rhel");
    CHECK(text_at(*root, "usr//lib/./os-release") == "ID=rhel");
    CHECK(text_at(*root, "/etc/os-release") == "ID=rhel");
    CHECK(text_at(*root, "/etc/relative") == "ID=rhel");
    CHECK(text_at(*root, "/lib/os-release") == "ID=rhel");
    CHECK(text_at(*root, "/lib/../lib/os-release") == "ID=rhel");
    CHECK(text_at(*root, "/../../secret") == "inside");
    CHECK(text_at(*root, "/etc/climb") == "inside");
    CHECK(text_at(*root, "/etc/absolute") == "inside");
    CHECK(text_at(*root, "/etc/up/secret") == "inside");
    CHECK(text_at(*root, "/etc/host") == error_text(ENOENT));
    CHECK(text_at(*root, "/etc/round") == error_text(ELOOP));
    CHECK(text_at(*root, "/etc/dangling") == error_text(ENOENT));
    CHECK(text_at(*root, "/secret/x") == error_text(ENOTDIR));
    CHECK(text_at(*root, "/secret/") == error_text(ENOTDIR));
    CHECK(text_at(*root, "/etc") == error_text(EISDIR));
    CHECK(text_at(*root, "/etc/none") == error_text(ENOENT));
    CHECK(text_at(*root, std::string("/etc\0x", 6)) == error_text(EINVAL));
    CHECK(*read_link(*root, "/etc/relative").value == "../usr/lib/os-release");
    CHECK(S_ISLNK(stat_entry(*root, "/etc/climb", false).value->st_mode));
    CHECK(S_ISREG(stat_entry(*root, "/etc/climb", true).value->st_mode));
    CHECK(*list_entries(*root, "/lib").value == std::vector<std::string>{"os-release"});
    CHECK(list_entries(*root, "/..").value->size() == 4);  // etc lib secret usr
  }
}

TEST_CASE_FIXTURE(Tree, "a file is written through a link only where that is asked for") {
  for (const Resolver resolver : {Resolver::openat2, Resolver::walk}) {
    CAPTURE(static_cast<int>(resolver));
    const auto root = RootedDirectory::open(image, resolver);
    REQUIRE(root);
    CHECK(write_entry(*root, "/etc/climb", "written", {}, true) == 0);
    CHECK(*read_file(outside.path() + "/secret") == "outside");
    CHECK(*read_file(image + "/secret") == "written");
    CHECK(write_entry(*root, "/etc/new-target", "new", {}, true) == 0);
    CHECK(*read_file(image + "/etc/sub/new") == "new");
    CHECK(write_entry(*root, "/etc/round", "x", {}, true) == ELOOP);
    CHECK(write_entry(*root, "/etc/host", "x", {}, true) == ENOENT);
    CHECK(write_entry(*root, "/", "x", {}, false) == EINVAL);
    CHECK(write_entry(*root, "/etc/up/secret", "up", {}, false) == 0);
    CHECK(*read_file(image + "/secret") == "up");
    REQUIRE(remove_tree(image + "/etc/sub/new"));
  }
  const auto root = RootedDirectory::open(image);
  CHECK(write_entry(*root, "/etc/relative", "own file", {}, false) == 0);
  CHECK(*read_file(image + "/usr/lib/os-release") == "ID=rhel");
  CHECK(S_ISREG(stat_entry(*root, "/etc/relative", false).value->st_mode));
}

TEST_CASE_FIXTURE(Tree, "directories, links, renames and removals stay inside") {
  for (const Resolver resolver : {Resolver::openat2, Resolver::walk}) {
    CAPTURE(static_cast<int>(resolver));
    const auto root = RootedDirectory::open(image, resolver);
    REQUIRE(root);
    CHECK(make_directory(*root, "/etc/up/made/deep//er/") == 0);
    CHECK(exists(image + "/made/deep/er"));
    CHECK(make_directory(*root, "/secret/x") == ENOTDIR);
    CHECK(make_link(*root, "/made/link", "/etc") == 0);
    CHECK(make_link(*root, "/made/link", "/usr") == 0);
    CHECK(*read_link(*root, "/made/link").value == "/usr");
    CHECK(make_link(*root, "/made/deep", "/usr") == EISDIR);
    CHECK(rename_entry(*root, "/made/link", "/etc/up/moved") == 0);
    CHECK(exists(image + "/moved"));
    CHECK(remove_entry(*root, "/moved", true) == 0);
    CHECK(exists(image + "/usr/lib/os-release"));
    CHECK(remove_entry(*root, "/made", false) == ENOTEMPTY);
    CHECK(remove_entry(*root, "/etc/up/made", true) == 0);
    CHECK_FALSE(exists(image + "/made"));
    CHECK(remove_entry(*root, "/not/there", false) == 0);
  }
}

TEST_CASE_FIXTURE(Tree, "bytes are written over in place only when the size stays") {
  const auto root = RootedDirectory::open(image);
  const auto before = stat_entry(*root, "/secret", false);
  CHECK(overwrite_entry(*root, "/etc/climb", "INSIDE") == 0);
  CHECK(overwrite_entry(*root, "/secret", "longer than before") == EINVAL);
  CHECK(*read_file(image + "/secret") == "INSIDE");
  CHECK(stat_entry(*root, "/secret", false).value->st_ino == before.value->st_ino);
}

TEST_CASE_FIXTURE(Tree, "modes are set; a pipe is not opened") {
  const auto root = RootedDirectory::open(image);
  CHECK(set_ownership(*root, "/secret", {.mode = 0640}) == 0);
  CHECK((stat_entry(*root, "/secret", false).value->st_mode & 07777U) == 0640);
  REQUIRE(::mkfifo((image + "/pipe").c_str(), 0600) == 0);
  CHECK(text_at(*root, "/pipe") == error_text(EINVAL));
}

TEST_CASE("a root that is not there is an input error") {
  const auto root = RootedDirectory::open("/nowhere/image");
  REQUIRE_FALSE(root);
  CHECK(root.error().message() ==
        "cannot open the image root '/nowhere/image': no such file or directory");
}
