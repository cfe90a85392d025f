#include "record/record.hpp"

#include <doctest/doctest.h>

#include "support/golden.hpp"

using namespace konvoy::record;
using konvoy::base::Error;
using konvoy::base::ErrorKind;
using konvoy::base::Scrubber;
using konvoy::base::Secret;
using konvoy::execute::HostOutcome;
using konvoy::execute::HostState;
using konvoy::execute::StepState;

namespace {

Record sample() {
  HostRecord good{
      .outcome = {.host = "b",
                  .steps = {{.step = "t/file",
                             .resource = "file /etc/a",
                             .because = "a test asks for it",
                             .state = StepState::changed,
                             .changes = {{"write /etc/a", "is not there", "+hunter2"}},
                             .seconds = 0.25},
                            {.step = "t/other",
                             .resource = "file /etc/b",
                             .because = "a test asks for it"}},
                  .seconds = 1.5},
      .configuration_sha256 = "11",
      .before = konvoy::facts::HostFacts{.distribution = "CentOS", .fips_enabled = false},
      .packages = {{"socat", "2-1.x86_64", "ab"}, {"kubelet", "1.21.3-0.x86_64", ""}},
      .executables = {{"/usr/bin/kubelet", "00", "goboring"}}};
  HostRecord lost{.outcome = {.host = "a",
                              .state = HostState::unreachable,
                              .error = Error(ErrorKind::unreachable, "no answer", "look at it")}};
  return {.tool_version = "0.1.0",
          .run_id = "r1",
          .command = "provision",
          .image = "images/generic/centos-8.yaml",
          .started = 1'638'352'800,
          .ended = 1'638'352'802,
          .user = "me",
          .machine = "here",
          .inputs = {{"a.yaml", "00"}},
          .hosts = {good, lost}};
}

}  // namespace

TEST_CASE("a record is ordered, dated and free of secrets") {
  Scrubber scrubber;
  scrubber.add(Secret("hunter2"));
  konvoy::test::check_golden("record/golden/record.json", render(sample(), scrubber));
}

TEST_CASE("installed packages and their keys") {
  CHECK(parse_packages("socat 2-1.x86_64 RSA/SHA256, Mon 01 Nov 2021, Key ID 0123456789abcdef\n"
                       "gpg-pubkey 1-2.(none) \nbash 5-1.x86_64 \n") ==
        std::vector<InstalledPackage>{{"bash", "5-1.x86_64", ""},
                                      {"socat", "2-1.x86_64", "0123456789abcdef"}});
}
