#include "resource/pushed_files.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::target::FileStat;
using konvoy::target::FileType;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const std::string digest(64, 'a');
const PushedFiles containerd{.name = "containerd 1.4.7",
                             .directories = {"/opt/cni"},
                             .files = {{"/cache/ctr", "/usr/bin/ctr", digest, {.mode = 0755}}},
                             .links = {{"/usr/bin/c", "ctr"}}};

}  // namespace

TEST_CASE("files come once, and again when they were damaged") {
  Machine machine;
  CHECK(shown(machine.settle(containerd)) ==
        "make directory /opt/cni (is not there)\n"
        "copy /cache/ctr to /usr/bin/ctr (is not there)\n"
        "link /usr/bin/c to ctr (is not there)");
  machine.directories["/opt/cni"] = {};
  machine.stats["/usr/bin/c"] = FileStat{.type = FileType::link, .link_target = "ctr"};
  machine.files["/usr/bin/ctr"] = "";
  machine.digests["/usr/bin/ctr"] = digest;
  CHECK(shown(machine.settle(containerd)) ==
        "set ownership of /usr/bin/ctr (mode is 0644, must be 0755)");
  machine.stats["/usr/bin/ctr"] = FileStat{.mode = 0755};
  CHECK(shown(machine.settle(containerd)) == "nothing");
  machine.digests["/usr/bin/ctr"] = std::string(64, 'b');
  CHECK(shown(machine.settle(containerd)) == "copy /cache/ctr to /usr/bin/ctr (content differs)");
}

TEST_CASE("trust is said where fapolicyd is installed") {
  const Trust trust{"konvoy-image", {"/usr/bin/ctr"}};
  Machine machine;
  CHECK(shown(machine.settle(trust)) == "nothing");
  machine.directories["/etc/fapolicyd/trust.d"] = {};
  machine.stats["/usr/bin/ctr"] = FileStat{.size = 12};
  machine.digests["/usr/bin/ctr"] = digest;
  const std::string written =
      "make directory /var/lib/konvoy-image/pending (what follows is remembered)\n"
      "write /var/lib/konvoy-image/pending/restart-fapolicyd (what follows is remembered)\n"
      "write /etc/fapolicyd/trust.d/konvoy-image (is not there)\n";
  const std::string done = "remove /var/lib/konvoy-image/pending/restart-fapolicyd (is done)";
  const std::string restarted =
      "run systemctl restart fapolicyd.service (it reads its trust when it starts)\n";
  CHECK(shown(machine.settle(trust)) == written + done);
  machine.facts.init = "systemd";
  machine.commands["systemctl is-active fapolicyd.service"] = {.status = 0, .out = "active\n"};
  CHECK(shown(machine.settle(trust)) == written + restarted + done);
  machine.files["/etc/fapolicyd/trust.d/konvoy-image"] = "/usr/bin/ctr 12 " + digest + "\n";
  CHECK(shown(machine.settle(trust)) == "nothing");
  // Killed between the file and the restart.
  machine.files["/var/lib/konvoy-image/pending/restart-fapolicyd"] = "\n";
  CHECK(shown(machine.settle(trust)) == restarted + done);
}

TEST_CASE("an older fapolicyd has one trust file for everybody") {
  const Trust trust{"konvoy-image", {"/usr/bin/ctr"}};
  Machine machine;
  machine.facts.live = false;
  machine.files["/etc/fapolicyd/fapolicyd.trust"] =
      "# by hand\n/usr/bin/ctr 9 old\n/usr/bin/ctr-tool 3 theirs\n";
  machine.stats["/usr/bin/ctr"] = FileStat{.size = 12};
  machine.digests["/usr/bin/ctr"] = digest;
  const auto decision = machine.settle(trust);
  const auto& actions = std::get<Actions>(decision).actions;
  REQUIRE(actions.size() == 1);
  const auto& written = std::get<konvoy::target::WriteFile>(actions.front().action);
  CHECK(written.content.reveal() ==
        "# by hand\n/usr/bin/ctr-tool 3 theirs\n/usr/bin/ctr 12 " + digest + "\n");
  machine.files["/etc/fapolicyd/fapolicyd.trust"] = std::string(written.content.reveal());
  CHECK(shown(machine.settle(trust)) == "nothing");
}
