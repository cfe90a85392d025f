#include "resource/repository.hpp"

#include <doctest/doctest.h>

#include "answering.hpp"

using namespace konvoy::resource;
using konvoy::facts::PackageManager;
using konvoy::test::Machine;
using konvoy::test::shown;

namespace {

const Repository kubernetes{.id = "kubernetes",
                            .name = "Kubernetes",
                            .base_url = "https://example.invalid/8/x86_64",
                            .keys = {"https://example.invalid/a", "file:///etc/pki/b"}};
const VersionLock locks{{{"kubelet", "1.21.3-0"}, {"containerd.io", "1.4.11"}}};

}  // namespace

TEST_CASE("a repository file always checks signatures") {
  CHECK(render(kubernetes) == R"(# Written by konvoy-image; changes are replaced.
[kubernetes]
name=Kubernetes
baseurl=https://example.invalid/8/x86_64
enabled=1
gpgcheck=1
repo_gpgcheck=0
gpgkey=https://example.invalid/a
       file:///etc/pki/b
skip_if_unavailable=0
)");
}

TEST_CASE("a changed repository makes yum forget what it knew") {
  Machine machine;
  machine.facts.package_manager = PackageManager::dnf;
  CHECK(shown(machine.settle(kubernetes)) ==
        "write /etc/yum.repos.d/kubernetes.repo (is not there)");
  machine.facts.package_manager = PackageManager::yum;
  CHECK(shown(machine.settle(kubernetes)).find("clean metadata (the repository changed)") !=
        std::string::npos);
  machine.files["/etc/yum.repos.d/kubernetes.repo"] = render(kubernetes);
  CHECK(shown(machine.settle(kubernetes)) == "nothing");
}

TEST_CASE("locks replace other versions of the same package and no other package's") {
  const std::string dnf = "kubelet-0:1.21.3-0.*\ncontainerd.io-0:1.4.11-*\n";
  CHECK(with_locks("", locks, PackageManager::dnf) == dnf);
  CHECK(with_locks(dnf, locks, PackageManager::dnf) == dnf);
  CHECK(with_locks("# mine\nkubelet-0:1.20.9-0.*\nkubelet-devel-0:1-1.*\n", locks,
                   PackageManager::dnf) == "# mine\nkubelet-devel-0:1-1.*\n" + dnf);
  CHECK(with_locks("0:kubelet-1.20.9-0.*\n", locks, PackageManager::yum) ==
        "0:kubelet-1.21.3-0.*\n0:containerd.io-1.4.11-*\n");
}

TEST_CASE("the lock list is the state") {
  Machine machine;
  machine.facts.package_manager = PackageManager::dnf;
  CHECK(shown(machine.settle(locks)) ==
        "make directory /etc/dnf/plugins (the list is not there)\n"
        "write /etc/dnf/plugins/versionlock.list (is not there)");
  machine.files["/etc/dnf/plugins/versionlock.list"] =
      "containerd.io-0:1.4.11-*\nkubelet-0:1.21.3-0.*\n";
  CHECK(shown(machine.settle(locks)) == "nothing");
}
