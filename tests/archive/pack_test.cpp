#include "archive/pack.hpp"

#include <doctest/doctest.h>

#include "archive/temporary_directory.hpp"

namespace konvoy::archive {
namespace {

using test::TemporaryDirectory;

std::vector<Member> sample() {
  return {{.path = "bin/tool", .mode = 0755, .content = "#!/bin/sh\n"},
          {.path = "bin", .kind = EntryKind::directory, .mode = 0755},
          {.path = "readme", .content = std::string(100'000, 'r')}};
}

}  // namespace

TEST_CASE("the same members give the same bytes in every compression and order") {
  const TemporaryDirectory directory;
  for (const auto compression :
       {Compression::none, Compression::gzip, Compression::xz, Compression::zstd}) {
    CAPTURE(static_cast<int>(compression));
    auto members = sample();
    REQUIRE(pack(directory.path("a"), members, {.compression = compression}).ok());
    std::swap(members.front(), members.back());
    REQUIRE(pack(directory.path("b"), members, {.compression = compression}).ok());
    CHECK(directory.read("a") == directory.read("b"));
    const auto entries = list(directory.path("a"));
    REQUIRE(entries.ok());
    REQUIRE(entries->size() == 3);
    CHECK((*entries)[0] == Entry{.path = "bin", .kind = EntryKind::directory, .mode = 0755});
    CHECK((*entries)[1] == Entry{.path = "bin/tool", .size = 10, .mode = 0755});
    CHECK((*entries)[2].size == 100'000);
  }
}

TEST_CASE("members are taken from a directory, and content from files") {
  const TemporaryDirectory directory;
  std::filesystem::create_directories(directory.path("tree/d"));
  std::ofstream(directory.path("tree/d/f")) << "content";
  std::filesystem::create_symlink("d/f", directory.path("tree/l"));
  const auto members = members_of(directory.path("tree"));
  REQUIRE(members.ok());
  CHECK(members->size() == 3);
  REQUIRE(pack(directory.path("out.tar.gz"), *members, {.mtime = 1'600'000'000}).ok());
  auto reader = Reader::open(directory.path("out.tar.gz"));
  REQUIRE(reader.ok());
  const auto first = reader->next();
  REQUIRE(first.ok());
  CHECK((*first)->mtime == 1'600'000'000);
  const auto second = reader->next();
  REQUIRE(second.ok());
  CHECK((*second)->path == "d/f");
  CHECK(reader->read_all(7) == base::Result<std::string>("content"));
  const auto third = reader->next();
  REQUIRE(third.ok());
  CHECK((*third)->link_target == "d/f");
}

TEST_CASE("what cannot be packed is refused and leaves nothing behind") {
  const TemporaryDirectory directory;
  CHECK_FALSE(pack(directory.path("out"), {{.path = "../x"}}).ok());
  CHECK_FALSE(pack(directory.path("out"), {{.path = "x", .source = "/does/not/exist"}}).ok());
  CHECK_FALSE(pack(directory.path("out"), {{.path = "x", .kind = EntryKind::special}}).ok());
  CHECK(std::filesystem::is_empty(directory.path()));
}

}  // namespace konvoy::archive
