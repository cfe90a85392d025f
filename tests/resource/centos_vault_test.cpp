#include "resource/centos_vault.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const std::string before =
    "[baseos]\nmirrorlist=http://mirrorlist.centos.org/?release=8\n"
    "#baseurl=http://mirror.centos.org/$contentdir/$releasever/BaseOS/\ngpgcheck=1\n";
const std::string after =
    "[baseos]\n#mirrorlist=http://mirrorlist.centos.org/?release=8\n"
    "baseurl=http://vault.centos.org/$contentdir/$releasever/BaseOS/\ngpgcheck=1\n";

}  // namespace

TEST_CASE("repositories of CentOS lead to the vault, others stay") {
  CHECK(with_vault(before) == after);
  CHECK(with_vault(after) == after);
  Machine machine{.files = {{"/etc/yum.repos.d/CentOS-Linux-BaseOS.repo", before},
                            {"/etc/yum.repos.d/mine.repo", before}},
                  .directories = {{"/etc/yum.repos.d", {"CentOS-Linux-BaseOS.repo", "mine.repo"}}}};
  CHECK(shown(machine.settle(CentosVault{})) ==
        "write /etc/yum.repos.d/CentOS-Linux-BaseOS.repo (points at mirrors that are gone)");
  machine.files["/etc/yum.repos.d/CentOS-Linux-BaseOS.repo"] = after;
  CHECK(shown(machine.settle(CentosVault{})) == "nothing");
  CHECK(shown(Machine{}.settle(CentosVault{})) == "nothing");
}

TEST_CASE("which repositories move, and where to") {
  const std::string url = "http://vault.centos.org/$contentdir/$releasever/BaseOS/";
  CHECK(moved_repositories(before) == std::vector<MovedRepository>{{"baseos", url}});
  CHECK(moved_repositories(before + "enabled = False\n" +
                           konvoy::base::replace_all(before, "[baseos]", "[extras]")) ==
        std::vector<MovedRepository>{{"extras", url}});
  CHECK(moved_repositories("[mine]\nbaseurl=http://host/\n" + before) ==
        std::vector<MovedRepository>{{"baseos", url}});
  CHECK(moved_repositories(after).empty());
}
