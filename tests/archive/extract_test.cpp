#include "archive/extract.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "archive/pack.hpp"
#include "archive/temporary_directory.hpp"

namespace konvoy::archive {
namespace {

using test::TemporaryDirectory;

// What pack() refuses to write: one entry as a hostile archive would hold it.
struct Hostile {
  std::string path;
  unsigned type = AE_IFREG;
  std::string symlink = {};
  std::string hardlink = {};
};

void write_hostile(const std::string& file, const std::vector<Hostile>& entries) {
  auto* out = archive_write_new();
  archive_write_set_format_pax_restricted(out);
  REQUIRE(archive_write_open_filename(out, file.c_str()) == ARCHIVE_OK);
  for (const auto& hostile : entries) {
    auto* entry = archive_entry_new();
    archive_entry_set_pathname(entry, hostile.path.c_str());
    archive_entry_set_filetype(entry, hostile.type);
    archive_entry_set_perm(entry, 04755);
    if (!hostile.symlink.empty()) archive_entry_set_symlink(entry, hostile.symlink.c_str());
    if (!hostile.hardlink.empty()) archive_entry_set_hardlink(entry, hostile.hardlink.c_str());
    const bool content = hostile.type == AE_IFREG && hostile.hardlink.empty();
    archive_entry_set_size(entry, content ? 4 : 0);
    REQUIRE(archive_write_header(out, entry) == ARCHIVE_OK);
    if (content) REQUIRE(archive_write_data(out, "evil", 4) == 4);
    archive_entry_free(entry);
  }
  archive_write_close(out);
  archive_write_free(out);
}

struct Fixture {
  TemporaryDirectory directory;
  std::string tar = directory.path("x.tar");
  std::string into = directory.path("into");
  Fixture() { std::filesystem::create_directory(into); }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "files come out as they went in, through every compression") {
  for (const auto compression :
       {Compression::none, Compression::gzip, Compression::xz, Compression::zstd}) {
    REQUIRE(pack(tar,
                 {{.path = "top/bin/tool", .mode = 0755, .content = "tool"},
                  {.path = "top/readme", .content = "read me"}},
                 {.compression = compression, .mtime = 1'000'000})
                .ok());
    const auto made = extract(tar, into, {.only = {"top/bin/*"}, .strip_components = 1});
    REQUIRE(made.ok());
    REQUIRE(made->size() == 1);
    CHECK(made->front().path == "bin/tool");
    CHECK(directory.read("into/bin/tool") == "tool");
    CHECK_FALSE(std::filesystem::exists(into + "/readme"));
    struct stat status {};
    REQUIRE(stat((into + "/bin/tool").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0755);
    CHECK(status.st_mtime == 1'000'000);
  }
}

TEST_CASE_FIXTURE(Fixture, "names that lead outside, devices and links are refused") {
  const std::vector<Hostile> hostile = {
      {.path = "/konvoy-absolute"},
      {.path = "../konvoy-outside"},
      {.path = "a/../../konvoy-outside"},
      {.path = "device", .type = AE_IFCHR},
      {.path = "pipe", .type = AE_IFIFO},
      {.path = "link", .type = AE_IFLNK, .symlink = "harmless"},
      {.path = "hard", .hardlink = "x.tar"},
  };
  for (const auto& entry : hostile) {
    CAPTURE(entry.path);
    write_hostile(tar, {entry});
    const auto made = extract(tar, into);
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().kind == base::ErrorKind::input);
    CHECK(std::filesystem::is_empty(into));
  }
  CHECK_FALSE(std::filesystem::exists("/konvoy-absolute"));
  CHECK_FALSE(std::filesystem::exists(directory.path("konvoy-outside")));
}

TEST_CASE_FIXTURE(Fixture, "a file is never written through a link of the same archive") {
  const auto outside = directory.path("outside");
  std::filesystem::create_directory(outside);
  write_hostile(tar,
                {{.path = "d", .type = AE_IFLNK, .symlink = "../outside"}, {.path = "d/file"}});
  CHECK_FALSE(extract(tar, into, {.links = Links::keep_inside}).ok());
  write_hostile(tar, {{.path = "e", .type = AE_IFDIR},
                      {.path = "d", .type = AE_IFLNK, .symlink = "e"},
                      {.path = "d/file"}});
  const auto made = extract(tar, into, {.links = Links::keep_inside});
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().message() == "'d' is to be unpacked below 'd', which is a link or a file");
  CHECK(std::filesystem::is_empty(outside));
}

TEST_CASE_FIXTURE(Fixture, "a link that stands in the way is replaced or refused, not followed") {
  const auto outside = directory.path("outside");
  std::ofstream(outside) << "precious";
  std::filesystem::create_symlink(outside, into + "/file");
  write_hostile(tar, {{.path = "file"}});
  REQUIRE(extract(tar, into).ok());
  CHECK(directory.read("outside") == "precious");
  CHECK(directory.read("into/file") == "evil");
}

TEST_CASE_FIXTURE(Fixture, "links inside are made where they are allowed; setuid is dropped") {
  write_hostile(tar, {{.path = "file"},
                      {.path = "soft", .type = AE_IFLNK, .symlink = "file"},
                      {.path = "hard", .hardlink = "file"}});
  REQUIRE(extract(tar, into, {.links = Links::keep_inside}).ok());
  CHECK(std::filesystem::read_symlink(into + "/soft") == "file");
  struct stat status {};
  REQUIRE(stat((into + "/hard").c_str(), &status) == 0);
  CHECK(status.st_nlink == 2);
  CHECK((status.st_mode & 07777U) == 0755);
}

TEST_CASE_FIXTURE(Fixture, "an archive that unpacks to too much is stopped") {
  REQUIRE(pack(tar, {{.path = "zeros", .content = std::string(1U << 20U, '\0')}}).ok());
  const auto made = extract(tar, into, {.byte_limit = 1000});
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().message() == "the archive unpacks to more than 1000 bytes");
  CHECK(std::filesystem::is_empty(into));
}

TEST_CASE_FIXTURE(Fixture, "a truncated archive and a file that is none are errors") {
  REQUIRE(pack(tar, {{.path = "f", .content = std::string(100'000, 'f')}},
               {.compression = Compression::none})
              .ok());
  std::filesystem::resize_file(tar, 50'000);
  CHECK_FALSE(extract(tar, into).ok());
  std::ofstream(tar) << "this is no archive at all, only a text that goes on for a while";
  CHECK_FALSE(extract(tar, into).ok());
  CHECK_FALSE(extract("/does/not/exist", into).ok());
}

}  // namespace konvoy::archive
