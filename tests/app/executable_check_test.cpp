#include "app/executable_check.hpp"

#include <doctest/doctest.h>

#include "crypto/digest.hpp"
#include "support/fake_target.hpp"

using namespace konvoy;

namespace {

constexpr auto kubelet = "/usr/bin/kubelet";

/// Somebody puts another file in place after its digest was taken.
class Swapping final : public test::FakeTarget {
 public:
  base::Result<std::vector<target::Observation>> observe(
      std::span<const target::Probe> probes) override {
    if (std::holds_alternative<target::ReadProbe>(probes.front())) add_file(kubelet, "other");
    return FakeTarget::observe(probes);
  }
};

}  // namespace

TEST_CASE("a program that is swapped between its digest and its use is found out") {
  Swapping machine;
  machine.add_file(kubelet, "#!/bin/sh\n");
  app::ExecutableCheck check;
  const auto checked = check.check(machine, {});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().message() == "'/usr/bin/kubelet' was changed while it was looked at");
}

TEST_CASE("what is no FIPS build fails and says where it came from") {
  test::FakeTarget machine;
  machine.add_file(kubelet, "#!/bin/sh\n");
  machine.add_file("/usr/bin/crictl", "#!/bin/sh\n");
  machine.on_command("rpm -qf *", {.out = "kubelet-1.21.3-0"});
  machine.on_command("dnf -q -C repoquery*", {.out = "kubernetes\n"});
  app::ExecutableCheck check;
  const auto checked = check.check(machine, {});
  REQUIRE(checked);
  CHECK(checked->executables.size() == 2);
  REQUIRE(checked->failures.size() == 1);
  CHECK(checked->failures[0].message == "'/usr/bin/kubelet' is no FIPS build, it is not-elf");
  CHECK(checked->failures[0].notes[0].message ==
        "it comes from kubelet-1.21.3-0 of repository 'kubernetes'");
}

TEST_CASE("an unchanged program keeps the class of the host's last record") {
  Swapping machine;  // reading it would be found out
  machine.add_file(kubelet, "#!/bin/sh\n");
  app::ExecutableCheck check;
  const auto checked =
      check.check(machine, {{kubelet, *crypto::sha256_hex("#!/bin/sh\n"), "goboring"}});
  REQUIRE(checked);
  CHECK(checked->executables.front().verdict == "goboring");
  CHECK(checked->failures.empty());
}
