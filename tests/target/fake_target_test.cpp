// The fake must behave as a machine does, or tests on it prove nothing.
#include "support/fake_target.hpp"

#include <doctest/doctest.h>

using namespace konvoy::target;
using konvoy::base::Error;
using konvoy::base::ErrorKind;
using konvoy::base::Secret;
using konvoy::test::FakeTarget;

namespace {

template <class Answer, class AnyProbe>
Answer ask(FakeTarget& fake, const AnyProbe& probe) {
  const std::vector<Probe> probes{probe};
  auto answers = fake.observe(probes);
  REQUIRE(answers);
  REQUIRE(std::holds_alternative<Answer>(answers->front()));
  return std::get<Answer>(answers->front());
}

}  // namespace

TEST_CASE("what is performed on the fake is observed on it") {
  FakeTarget fake;
  REQUIRE(fake.perform(MakeDirectory{.path = "/etc/a"}, {}));
  REQUIRE(fake.perform(WriteFile{.path = "/etc/a/f",
                                 .content = Secret("text"),
                                 .ownership = {.mode = 0600, .owner = "chrony"}},
                       {}));
  CHECK(ask<ReadAnswer>(fake, ReadProbe{.path = "/etc/a/f"}).content == "text");
  const auto stat = ask<StatAnswer>(fake, StatProbe{.path = "/etc/a/f"}).stat;
  REQUIRE(stat);
  CHECK(stat->mode == 0600);
  CHECK(stat->owner == "chrony");
  CHECK(ask<ListAnswer>(fake, ListProbe{"/etc/a"}).names == std::vector<std::string>{"f"});
  CHECK(ask<DigestAnswer>(fake, DigestProbe{"/etc/a/f"}).sha256 ==
        "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1");

  REQUIRE(fake.perform(WriteFile{.path = "/etc/a/f", .content = Secret("more")}, {}));
  CHECK(ask<StatAnswer>(fake, StatProbe{.path = "/etc/a/f"}).stat->mode == 0600);
  CHECK_FALSE(fake.perform(Remove{.path = "/etc/a"}, {}));
  REQUIRE(fake.perform(Remove{.path = "/etc/a", .recursive = true}, {}));
  CHECK_FALSE(ask<StatAnswer>(fake, StatProbe{.path = "/etc/a"}).stat);
  CHECK(fake.performed_text().front() == "make directory /etc/a");
}

TEST_CASE("links of the fake are followed where a machine follows them") {
  FakeTarget fake;
  fake.add_file("/usr/lib/os-release", "ID=rhel\n");
  fake.add_link("/etc/os-release", "../usr/lib/os-release");
  fake.add_link("/lib", "/usr/lib");
  fake.add_link("/round", "round");
  CHECK(ask<ReadAnswer>(fake, ReadProbe{.path = "/etc/os-release"}).content == "ID=rhel\n");
  CHECK(fake.content("/lib/os-release") == "ID=rhel\n");
  CHECK(ask<StatAnswer>(fake, StatProbe{.path = "/etc/os-release"}).stat->link_target ==
        "../usr/lib/os-release");
  CHECK(ask<StatAnswer>(fake, StatProbe{.path = "/etc/os-release", .follow = true}).stat->type ==
        FileType::regular);
  CHECK_FALSE(ask<StatAnswer>(fake, StatProbe{.path = "/round", .follow = true}).stat);

  REQUIRE(fake.perform(WriteFile{.path = "/etc/os-release", .content = Secret("new")}, {}));
  CHECK(fake.content("/usr/lib/os-release") == "ID=rhel\n");
  CHECK(fake.node("/etc/os-release")->type == FileType::regular);
}

TEST_CASE("commands are scripted and may change the fake") {
  FakeTarget fake;
  CHECK(ask<CommandAnswer>(fake, CommandProbe{.argv = {"rpm", "-q", "x"}}).status == 127);
  fake.on_command("rpm *", {.status = 1, .out = "package x is not installed\n"});
  fake.on_command("touch *", [](FakeTarget& self, const RunCommand& command) {
    self.add_file(command.argv.at(1), "");
    return CommandAnswer{};
  });
  CHECK(ask<CommandAnswer>(fake, CommandProbe{.argv = {"rpm", "-q", "x"}}).status == 1);
  CHECK(fake.perform(RunCommand{.argv = {"touch", "/made"}}, {})->status == 0);
  CHECK(fake.content("/made") == "");
}

TEST_CASE("failures of the fake come where they are asked for") {
  FakeTarget fake;
  fake.add_file("/f", "x");
  fake.refuse("/f", "permission denied");
  CHECK(ask<ProbeFailure>(fake, ReadProbe{.path = "/f"}).reason == "permission denied");
  CHECK_FALSE(fake.perform(WriteFile{.path = "/f"}, {}));
  CHECK(ask<ProbeFailure>(fake, ReadProbe{.path = "/"}).reason == "is a directory");

  fake.fail(Error{ErrorKind::unreachable, "cut"}, 1);
  REQUIRE(fake.perform(MakeDirectory{.path = "/d"}, {}));
  CHECK(fake.perform(MakeDirectory{.path = "/e"}, {}).error().kind == ErrorKind::unreachable);
  CHECK(fake.node("/e") == nullptr);
  CHECK(fake.perform(MakeDirectory{.path = "/e"}, {}));
}
