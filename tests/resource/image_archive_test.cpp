#include "resource/image_archive.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy;

namespace {

const resource::ImageArchive archive{.name = "pause.tar",
                                     .local_path = "/images/pause.tar",
                                     .sha256 = std::string(64, 'a'),
                                     .directory = "/opt/dkp/images/",
                                     .images = {"registry.k8s.io/pause:3.4.1"},
                                     .socket = "/run/c.sock"};
const std::string list = "ctr --address /run/c.sock --namespace k8s.io images list -q";

}  // namespace

TEST_CASE("images that are there need nothing") {
  test::Machine machine;
  machine.commands[list] = {.out = "registry.k8s.io/pause:3.4.1\nsha256:0123\n"};
  CHECK(test::shown(machine.settle(archive)) == "nothing");
}

TEST_CASE("an image that is missing comes with its archive, which does not stay") {
  test::Machine machine;
  machine.commands[list] = {.out = "registry.k8s.io/pause:3.4.10\n"};
  const auto decision = machine.settle(archive);
  REQUIRE(std::holds_alternative<resource::Actions>(decision));
  const auto& actions = std::get<resource::Actions>(decision).actions;
  REQUIRE(actions.size() == 4);
  const auto& pushed = std::get<target::PushFile>(actions[1].action);
  CHECK(pushed.path == "/opt/dkp/images/pause.tar");
  CHECK(pushed.sha256 == archive.sha256);
  CHECK(std::get<target::RunCommand>(actions[2].action).argv ==
        std::vector<std::string>{"ctr", "--address", "/run/c.sock", "--namespace", "k8s.io",
                                 "images", "import", "/opt/dkp/images/pause.tar"});
  CHECK(std::get<target::Remove>(actions[3].action).path == pushed.path);
  CHECK(actions[2].reason == "registry.k8s.io/pause:3.4.1 is not in containerd's store");
}

TEST_CASE("in an image's root its own containerd is started to import") {
  test::Machine machine;
  machine.facts.live = false;
  const std::string mark = "/var/lib/konvoy-image/imported/pause.tar";
  machine.files["/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db"] = "bolt";
  SUBCASE("for the first time") {}
  SUBCASE("another archive of this name") {
    machine.files[mark] = std::string(64, 'b');
  }
  SUBCASE("where containerd's database is gone") {
    machine.files = {{mark, archive.sha256}};
  }
  const auto decision = machine.settle(archive);
  REQUIRE(std::holds_alternative<resource::Actions>(decision));
  const auto& actions = std::get<resource::Actions>(decision).actions;
  REQUIRE(actions.size() == 6);
  const auto& run = std::get<target::RunCommand>(actions[2].action);
  CHECK(run.argv.front() == "/bin/sh");
  CHECK(run.argv.back() == "/opt/dkp/images/pause.tar");
  CHECK_FALSE(run.detached);
  CHECK(std::get<target::WriteFile>(actions[5].action).path == mark);
}

TEST_CASE("and not again") {
  test::Machine machine;
  machine.facts.live = false;
  machine.files = {{"/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db", "bolt"},
                   {"/var/lib/konvoy-image/imported/pause.tar", archive.sha256}};
  CHECK(test::shown(machine.settle(archive)) == "nothing");
}
