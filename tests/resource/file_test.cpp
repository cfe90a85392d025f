#include "resource/file.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::target::FileStat;
using konvoy::target::FileType;
using konvoy::target::WriteFile;
using konvoy::test::Machine;
using konvoy::test::shown;

TEST_CASE("a file is written when it is missing or differs, and left alone otherwise") {
  const File wanted{.path = "/etc/a", .content = "new\n", .ownership = {.mode = 0644}};
  CHECK(shown(Machine{}.settle(wanted)) == "write /etc/a (is not there)");
  CHECK(shown(Machine{.files = {{"/etc/a", "new\n"}}}.settle(wanted)) == "nothing");

  const auto decision = Machine{.files = {{"/etc/a", "old\n"}}}.settle(wanted);
  CHECK(shown(decision) == "write /etc/a (content differs)");
  const auto& action = std::get<Actions>(decision).actions.at(0);
  CHECK(action.diff.find("-old\n+new\n") != std::string::npos);
  CHECK(std::get<WriteFile>(action.action).content.reveal() == "new\n");
}

TEST_CASE("a secret file has no diff") {
  const auto decision = Machine{.files = {{"/etc/a", "old\n"}}}.settle(
      File{.path = "/etc/a", .content = "hunter2\n", .secret = true});
  CHECK(std::get<Actions>(decision).actions.at(0).diff.empty());
}

TEST_CASE("ownership alone is set without a rewrite") {
  const Machine machine{.files = {{"/etc/a", "x"}}};
  CHECK(
      shown(machine.settle(File{.path = "/etc/a", .content = "x", .ownership = {.mode = 0600}})) ==
      "set ownership of /etc/a (mode is 0644, must be 0600)");
  CHECK(shown(machine.settle(
            File{.path = "/etc/a", .content = "x", .ownership = {.owner = "kube"}})) ==
        "set ownership of /etc/a (owner is root, must be kube)");
  CHECK(shown(machine.settle(
            File{.path = "/etc/a", .content = "x", .ownership = {.owner = "0"}})) == "nothing");
}

TEST_CASE("a file that need only be there keeps its content") {
  CHECK(shown(Machine{.files = {{"/etc/a", "mine"}}}.settle(
            File{.path = "/etc/a", .content = "x", .only_when_absent = true})) == "nothing");
}

TEST_CASE("what is in the way of a file") {
  Machine machine;
  machine.stats["/etc/a"] = FileStat{.type = FileType::directory};
  CHECK(shown(machine.settle(File{.path = "/etc/a"})) ==
        "refused: '/etc/a' is a directory, where a file must be");
  machine.stats["/etc/a"] = FileStat{.type = FileType::link, .link_target = "/etc/b"};
  CHECK(shown(machine.settle(File{.path = "/etc/a", .content = "x"})) ==
        "write /etc/a (is a link, must be a file)");
}

TEST_CASE("a probe that failed refuses the change") {
  Observations seen;
  seen.add(konvoy::target::StatProbe{.path = "/etc/a"},
           konvoy::target::ProbeFailure{"permission denied"});
  CHECK(shown(decide(File{.path = "/etc/a"}, {}, seen)) ==
        "refused: can't look at /etc/a: permission denied");
}

TEST_CASE("directories") {
  const Directory wanted{.path = "/etc/d", .ownership = {.mode = 0700}};
  CHECK(shown(Machine{}.settle(wanted)) == "make directory /etc/d (is not there)");
  CHECK(shown(Machine{.directories = {{"/etc/d", {}}}}.settle(wanted)) ==
        "set ownership of /etc/d (mode is 0755, must be 0700)");
  CHECK(shown(Machine{.files = {{"/etc/d", ""}}}.settle(wanted)) ==
        "refused: '/etc/d' is a file, where a directory must be");
}

TEST_CASE("links") {
  const Link wanted{.path = "/etc/l", .to = "/etc/b"};
  Machine machine;
  CHECK(shown(machine.settle(wanted)) == "link /etc/l to /etc/b (is not there)");
  machine.stats["/etc/l"] = FileStat{.type = FileType::link, .link_target = "/etc/c"};
  CHECK(shown(machine.settle(wanted)) ==
        "link /etc/l to /etc/b (leads to /etc/c, must lead to /etc/b)");
  machine.stats["/etc/l"].link_target = "/etc/b";
  CHECK(shown(machine.settle(wanted)) == "nothing");
  machine.stats["/etc/l"].type = FileType::directory;
  CHECK(shown(machine.settle(wanted)) == "refused: '/etc/l' is a directory, where a link must be");
}

TEST_CASE("absent paths") {
  CHECK(shown(Machine{}.settle(Absent{"/x"})) == "nothing");
  CHECK(shown(Machine{.files = {{"/x", ""}}}.settle(Absent{"/x"})) ==
        "remove /x (is there, must not be)");
  const Machine machine{.directories = {{"/x", {"y"}}}};
  CHECK(shown(machine.settle(Absent{"/x"})) ==
        "refused: '/x' is a directory, where nothing must be");
  CHECK(shown(machine.settle(Absent{"/x", true})) == "remove /x (is there, must not be)");
}
