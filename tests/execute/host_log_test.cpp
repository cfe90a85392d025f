#include "execute/host_log.hpp"

#include <doctest/doctest.h>

#include "system/file.hpp"

using namespace konvoy::execute;
using konvoy::base::Event;
using konvoy::base::Secret;
using konvoy::system::read_file;

TEST_CASE("each host has a file, and no secret gets into it") {
  const auto directory = konvoy::system::TemporaryDirectory::make();
  REQUIRE(directory.ok());
  {
    HostLogs logs(directory->path(), {});
    logs.hide(Secret("hunter2"));
    logs.write(
        {.kind = Event::Kind::failed, .subject = "a", .step = "t/x", .detail = "no hunter2"});
    logs.write({.subject = "/mnt/b", .step = "t/x"});
  }
  CHECK(read_file(directory->path() + "/a.log")->find("failed   t/x: no ***\n") !=
        std::string::npos);
  CHECK(read_file(directory->path() + "/_mnt_b.log").ok());
}

TEST_CASE("a line") {
  CHECK(render_line({.kind = Event::Kind::started, .step = "t/x", .detail = "a\nb"}, 0) ==
        "1970-01-01T00:00:00Z started  t/x: a\n    b");
  CHECK(render_line({.kind = Event::Kind::started,
                     .step = "t/x",
                     .detail = "run dracut",
                     .action = "r1.t.x.1"},
                    0) == "1970-01-01T00:00:00Z started  t/x: run dracut [action r1.t.x.1]");
}
